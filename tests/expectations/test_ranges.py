"""The table of plausible ranges: which one a row is judged by, and what is wrong with the table itself."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from expectations.ranges import Range, RangesInvalid, load_ranges
from expectations.run import judge
from ingest.findings import message


def write_ranges(folder: Path, *rows: str) -> tuple[Range, ...]:
    """The ranges of a table with these rows."""
    (folder / "plausible_ranges.csv").write_text("\n".join(("programme_id,section,field,low,high,why", *rows)))
    return load_ranges(folder)


def test_a_programme_has_its_own_range_and_the_others_that_of_all(tmp_path: Path, make_frame: Callable[..., pd.DataFrame]) -> None:
    rows = [",trainings,hours,1,100,", "P-LONG,trainings,hours,200,,", ",trainings,hours/trainings_count,,50,"]
    frame = make_frame(
        "trainings",
        *({"hours": Decimal(hours), "trainings_count": 4, "programme_id": programme} for programme in ("P-LONG", "P") for hours in ("100", "201")),
    )
    found = judge({"trainings": frame}, write_ranges(tmp_path, *rows))["trainings"].broken

    assert [(each.row, each.rule, each.field) for each in found] == [
        (0, "unusual_value", "hours"),
        (1, "unusual_ratio", "hours"),
        (3, "unusual_value", "hours"),
        (3, "unusual_ratio", "hours"),
    ]
    assert found[0].params == {"label": "trainings.hours", "value": Decimal("100.0000"), "low": 200, "high": None}
    assert message(found[0].rule, found[0].params, "en") == "Hours (100) is unusual: it is usually from 200. Please check it."
    assert message(found[1].rule, found[1].params, "en") == (
        "Hours makes 50.25 for each one of Number of trainings; usual is up to 50. Please check both figures."
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",trainings,places,1,2,", "line 2: 'trainings.places' is no figure of a section"),
        (",trainings,title,1,2,", "line 2: 'trainings.title' is no figure of a section"),
        (",trainings,hours,2,1,", "line 2: give low, high or both, low not above high"),
        (",trainings,hours,,,", "line 2: give low, high or both, low not above high"),
        (",trainings,hours,one,2,", "line 2: low and high are numbers such as 2000 or 0.5, with a decimal point"),
        (",trainings,hours,1,2,\n,trainings,hours,1,3,", ": the range of trainings.hours stands twice for 'all programmes'"),
    ],
)
def test_a_range_that_cannot_be_used_is_refused_by_its_line(tmp_path: Path, row: str, fault: str) -> None:
    with pytest.raises(RangesInvalid, match=re.escape(fault)):
        write_ranges(tmp_path, row)
