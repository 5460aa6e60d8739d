"""The comparison of what a workbook costs, on a handful of workbooks."""

from benchmarks.ingest import Cost, as_table, measure
from benchmarks.workbooks import write_workbooks

LIMIT, OURS = "calamine, cells read and nothing done (the limit)", "munimon ingest, everything"


def test_every_row_of_the_generated_workbooks_goes_in_and_is_timed(tmp_path):
    for count in (2, 3):
        write_workbooks(tmp_path / str(count), count)

    for way in (LIMIT, OURS):
        cost = measure(way, tmp_path, few=2, many=3)
        assert cost.way == way
        assert cost.peak > 10


def test_the_table_gives_each_way_as_a_multiple_of_the_limit():
    costs = [Cost("limit", 2, 400, 40), Cost("ours", 9, 8000, 350)]

    assert as_table(costs) == (
        "| way | ms per workbook | × limit | start-up, s | peak of the largest process, MB |\n"
        "| --- | ---: | ---: | ---: | ---: |\n"
        "| limit | 2.0 | 1.0 | 0.4 | 40 |\n"
        "| ours | 9.0 | 4.5 | 8.0 | 350 |"
    )
