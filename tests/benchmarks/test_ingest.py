"""The comparison of what a workbook costs, on a handful of workbooks."""

from benchmarks.ingest import LIMIT, OURS, Cost, Run, as_table, measure
from benchmarks.workbooks import write_workbooks


def test_every_row_of_the_generated_workbooks_goes_in_and_is_timed(tmp_path):
    for count in (2, 3):
        write_workbooks(tmp_path / str(count), count)

    for way in (LIMIT, OURS):
        cost = measure(way, tmp_path, (2, 3))
        assert cost.way == way
        assert [(step.few, step.many) for step in cost.steps] == [(2, 3)]
        assert cost.peak > 10


def test_the_table_gives_each_step_of_each_way_as_a_multiple_of_the_limit():
    limit = Cost.of("limit", [Run(100, 0.6, 0.5, 40), Run(200, 0.8, 0.7, 41), Run(400, 1.2, 1.1, 42)])
    ours = Cost.of("ours", [Run(100, 8.9, 9, 350), Run(200, 9.8, 10.6, 351), Run(400, 11.8, 13.6, 352)])
    others = Cost.of("others", [Run(100, 10, 10, 100), Run(200, 20, 20, 100)])

    assert as_table([limit, ours, others]) == (
        "| way | workbooks | ms each | × limit | CPU ms each | × limit | start-up, s | peak of all processes, MB |\n"
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        "| limit | 100 → 200 | 2.0 | 1.0 | 2.0 | 1.0 | 0.4 | 42 |\n"
        "| limit | 200 → 400 | 2.0 | 1.0 | 2.0 | 1.0 |  |  |\n"
        "| ours | 100 → 200 | 9.0 | 4.5 | 16.0 | 8.0 | 8.0 | 352 |\n"
        "| ours | 200 → 400 | 10.0 | 5.0 | 15.0 | 7.5 |  |  |\n"
        "| others | 100 → 200 | 100.0 | 50.0 | 100.0 | 50.0 | 0.0 | 100 |"
    )
