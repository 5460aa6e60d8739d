"""`munimon diff`: what a corrected report changed, as a page, as CSV and as JSON."""

import csv
import io
import json
import re

import pytest

from ingest.sections import LANGUAGES
from ingest.templates import write_report
from tests.munimon.commands import run_munimon

WRONG = [{"engagement_ref": "A-1", "engaged_persons": "many"}, {"engagement_ref": "A-2", "engaged_persons": 5, "note": "old"}]
RIGHT = [{"engagement_ref": "=1+1", "engaged_persons": 3}, {"engagement_ref": "A-1", "engaged_persons": 12, "employer_type": "@club"}]


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """A home to which a report and its correction were sent; the ids of both."""
    folder = tmp_path_factory.mktemp("diff")
    ids = []
    for day, (name, rows) in enumerate({"wrong.xlsx": WRONG, "right.xlsx": RIGHT}.items()):
        path = write_report(
            folder / name, language="en", municipality="Kruševac", programme="SAMPLE", period="2024-Q1", statement="replaces",
            rows={"engagements": rows}, sections=["engagements"],
        )  # fmt: skip
        answer = run_munimon("ingest", path, "--json", home=folder, MUNIMON_NOW=f"2024-04-1{day}T12:00")
        ids.append(json.loads(answer.stdout)["submissions"][0]["submission_id"])
    return folder, *ids


def test_the_page_says_what_changed_where_and_what_became_of_the_findings(sent):
    home, first, second = sent
    answer = run_munimon("diff", second, home=home)

    # columns are set apart by two blanks or more
    lines = [re.sub(r"  +", " | ", line.rstrip()) for line in answer.stdout.splitlines()]
    added = "Engagement number: =1+1; Engaged persons: 3"
    dropped = "Engagement number: A-2; Engaged persons: 5; Note: •••"
    assert (answer.returncode, answer.stderr) == (0, "")
    assert [line for line in lines if not line.startswith("---")] == [
        f"Report {second} (right.xlsx) beside report {first} (wrong.xlsx)",
        "changed: 2, row added: 1, row left out: 1",
        "",
        "Difference | What | Column | Where before | Where | Before | Now",
        f"row added | =1+1 | Engaged workers row 3 | {added}",
        "changed | A-1 | Type of employer | Engaged workers D3 | Engaged workers D4 | @club",
        "changed | A-1 | Engaged persons | Engaged workers H3 | Engaged workers H4 | many | 12",
        f"row left out | A-2 | Engaged workers row 4 | {dropped}",
        "",
        "Mended (1):",
        " | Sheet “Engaged workers”, cell H3: This is not a number: “many”. Write digits only, for example 30, or “-” if it is not known.",
        "",
        "New (2):",
        " | Sheet “Engaged workers”, cell D4: This answer is not in the list: “@club”. Choose one of: Public utility company, Public institution, "
        "Local government, Private company, Entrepreneur, Cooperative, Social enterprise, Civil society organisation, Other.",
        " | Rows of the earlier report that are not in this replacement: 1 (A-2). They no longer count; send them again if they still hold.",
    ]


def test_csv_and_json_hold_the_same_records_and_no_formula(sent):
    home, first, second = sent
    records = json.loads(run_munimon("diff", first, second, "--format", "json", home=home).stdout)
    table = list(csv.DictReader(io.StringIO(run_munimon("diff", first, second, "--format", "csv", home=home).stdout)))

    assert [(record["change"], record["thing"], record["cell_before"], record["cell"], record["before"], record["now"]) for record in records] == [
        ("added", "=1+1", None, None, None, "engagement_ref: =1+1; engaged_persons: 3"),
        ("changed", "A-1", "D3", "D4", "", "@club"),
        ("changed", "A-1", "H3", "H4", "many", "12"),
        ("dropped", "A-2", None, None, "engagement_ref: A-2; engaged_persons: 5; note: •••", None),
        ("finding_mended", None, "H3", None, "many", None),
        ("finding_new", None, None, "D4", None, "@club"),
        ("finding_new", None, None, None, None, None),
    ]
    plain = [{key: "" if value is None else str(value) for key, value in record.items()} for record in records]
    assert [{key: f"'{text}" if text[:1] in "=+-@" and text else text for key, text in record.items()} for record in plain] == table


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_the_language_asked_for(sent, language):
    home, _, second = sent
    titles = {
        "en": ("Difference", "Mended (1):"), "sr-Latn": ("Razlika", "Ispravljeno (1):"), "sr-Cyrl": ("Разлика", "Исправљено (1):"),
        "mk": ("Разлика", "Исправено (1):"), "sq": ("Ndryshimi", "Korrigjuar (1):"),
    }  # fmt: skip
    page = run_munimon("diff", second, "--language", language, home=home).stdout

    assert all(title in page for title in titles[language])
    assert "{" not in page


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["nothing"], "munimon: submission 'nothing': not in the ledger; `munimon status` lists those that are\n"),
        (["a", "a"], "munimon: diff: give the report, or an earlier report and a later one\n"),
        (["a", "--format", "xml"], "munimon: --format: 'xml' is not known; use table, csv, json\n"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_line(sent, arguments, error):
    answer = run_munimon("diff", *arguments, home=sent[0])

    assert (answer.returncode, answer.stdout, answer.stderr) == (1, "", error)
