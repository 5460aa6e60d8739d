"""The report of the checks says what was judged, why, and which cells failed; it needs nothing beside itself, and reported text is no markup."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ingest.sections import LANGUAGES
from munimon.checks import NothingChecked, Scope, write_checks_report
from munimon.results import SubmissionResult
from munimon.settings import Home
from tests.publish.conftest import publish_build

ENGAGED = [
    {"engagement_ref": "A-1", "engaged_persons": 30, "engaged_women": 32},
    {"engagement_ref": "A-2", "engaged_persons": "<img src=x onerror=alert(1)>"},
    {"engagement_ref": "A-3", "engaged_persons": 10, "engaged_women": 4},
]


class Tables(HTMLParser):
    """The rows of a page's tables, each cell as text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()
        self.is_in_cell = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.is_in_cell = True
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.is_in_cell = self.is_in_cell and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self.is_in_cell:
            self.rows[-1][-1] = " ".join(f"{self.rows[-1][-1]} {data}".split())


@pytest.fixture
def submission(report: Callable[..., Path], send_one: Callable[..., SubmissionResult]) -> SubmissionResult:
    return send_one(report(rows={"engagements": ENGAGED}))


def test_the_page_counts_what_each_rule_judged_and_names_the_cells(home: Home, submission: SubmissionResult, tmp_path: Path) -> None:
    page = write_checks_report(home, Scope(batch="last"), "en", tmp_path / "checks.html").read_text(encoding="utf-8")
    rows = Tables(page).rows

    assert ["Engaged workers", "3", "2", "0"] in rows
    why = "Part larger than its whole A part cannot be larger than its whole, and a share above one would follow from it."
    assert [why, "Engaged women / Engaged persons", "Error", "2", "1"] in rows
    assert [row[2:5] for row in rows if len(row) == 6][1:] == [
        ["Angažovani radnici", "I3", "32"],
        ["Angažovani radnici", "H4", "<img src=x onerror=alert(1)>"],
    ]


def test_the_page_is_whole_in_each_language_and_asks_for_nothing_outside(home: Home, submission: SubmissionResult, tmp_path: Path) -> None:
    home.builds.mkdir()
    publish_build(
        home,
        "20240101T000000-aaaa",
        f"""create table marts.fct_build_warnings as select '{submission.submission_id}' as submission_id, 'municipality_not_participating' as rule,
        null as section, null as sheet, null as cell, null as source_row, null as field, null as recorded_to,
        '{{"place_latn":"Kruševac","place_cyrl":"Крушевац","programme":"P"}}' as params""",
    )
    for language in LANGUAGES:
        page = write_checks_report(home, Scope(submission=submission.submission_id), language, tmp_path / "checks.html").read_text(encoding="utf-8")

        assert not Tables(page).tags & {"img", "script", "link", "iframe", "object"}
        assert not re.search(r"https?://|url\(|@import", page)
        assert f'<html lang="{language}">' in page
        assert ("Крушевац" if language in ("sr-Cyrl", "mk") else "Kruševac") in page


def test_what_is_not_there_is_named(home: Home, submission: SubmissionResult, tmp_path: Path) -> None:
    with pytest.raises(NothingChecked, match="--submission 'nobody': no report is there"):
        write_checks_report(home, Scope(submission="nobody"), "en", tmp_path / "checks.html")
    assert not (tmp_path / "checks.html").exists()
