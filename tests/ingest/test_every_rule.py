"""Every rule is broken by a real file, found in the very cell, and said in all five languages."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from ingest.allowances import allow_personal_data
from ingest.entries import Entry
from ingest.findings import Finding, full_message, load_rules
from ingest.ledger import Ledger
from ingest.sections import LANGUAGES
from munimon import pipeline
from munimon.reference import copy_reference
from munimon.results import IngestOptions
from munimon.settings import Home, shipped
from publish.build_warnings import read_all_build_warnings
from tests.ingest import lost_readings
from tests.ingest.rule_cases import (
    BESIDE,
    CASES,
    MAY_SEND,
    OWN_INDICATORS,
    OWN_MEASURES,
    OWN_RATIO,
    REPORTS_BESIDE,
    SAME_LAYOUT,
    Case,
)

Found = Mapping[str, Sequence[Finding]]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What was found in each case's file, by its rule; all handed in together, each by another municipality."""
    folder = tmp_path_factory.mktemp("rules")
    home = Home(folder / "home")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MUNIMON_NOW", "2024-04-13T12:00")
        environment.setenv("MUNIMON_ACTOR", "coordinator")
        _add_own_reference(home)
        places = {case.rule: place for case, place in zip(CASES, _municipalities(), strict=False)}
        _send(home, {case.earlier(folder / f"{case.rule}_before", places[case.rule]): {"sent_by": "office"} for case in CASES if case.earlier})
        environment.setenv("MUNIMON_NOW", "2024-04-14T12:00")
        sent = {case.write(folder / case.rule, places[case.rule]): dict(case.options) for case in CASES}
        return _send(home, sent)


def _add_own_reference(home: Home) -> None:
    copy_reference(home)
    with (home.reference / "plausible_ranges.csv").open("a", encoding="utf-8") as file:
        file.write(OWN_RATIO)
    layout = home.reference / "layouts" / f"{SAME_LAYOUT}.yml"
    layout.with_stem("another").write_text(layout.read_text(encoding="utf-8").replace(f"layout: {SAME_LAYOUT}", "layout: another"), encoding="utf-8")
    allow_personal_data(home, MAY_SEND, "agreement 12", Entry.now())


def _municipalities() -> Iterator[str]:
    with (shipped() / "data" / "reference" / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["municipality_code"] for row in csv.DictReader(file) if row["country_code"] == "RS")


def _send(home: Home, files: Mapping[Path, Mapping[str, str]]) -> Found:
    alike: dict[tuple[tuple[str, str], ...], list[Path]] = defaultdict(list)
    for path, options in files.items():
        alike[tuple(sorted(options.items()))].append(path)
    found: dict[str, list[Finding]] = defaultdict(list)
    for options, paths in alike.items():
        for submission in pipeline.ingest(home, paths, IngestOptions(**dict(options))).submissions:
            found[submission.file] += Ledger(home.ledger).findings_of(submission.submission_id)
    return found


def _assert_said_in_every_language(finding: Finding) -> None:
    said = {language: full_message(finding, language) for language in LANGUAGES}
    assert len(set(said.values())) == len(LANGUAGES)
    assert not any(letter in text for text in said.values() for letter in "{}[]")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_the_rule_is_found_in_its_cell_and_said_in_every_language(found: Found, case: Case):
    of_file = [
        finding for name, findings in found.items() if Path(name).stem == case.rule or name.startswith(f"{case.rule}winmail") for finding in findings
    ]
    (finding,) = [finding for finding in of_file if finding.rule == case.rule]
    sheet, cell = case.place

    assert (finding.sheet, finding.cell) == (case.rule if sheet == "{file}" else sheet, cell)
    _assert_said_in_every_language(finding)


LOST = {"reading_too_large": lost_readings.fill_memory, "reading_too_long": lost_readings.never_end, "reading_failed": lost_readings.break_down}


@pytest.mark.parametrize("rule", LOST)
def test_a_file_that_breaks_its_reader_is_told_so(home, report, send_one, monkeypatch, rule):
    monkeypatch.setattr("ingest.reading.read_and_interpret", LOST[rule])
    submission = send_one(report())

    (finding,) = Ledger(home.ledger).findings_of(submission.submission_id)
    assert (submission.status, finding.rule, finding.sheet, finding.cell) == ("refused", rule, None, None)
    _assert_said_in_every_language(finding)


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Sequence[Finding]]:
    """What a build warns of in the reports of ``REPORTS_BESIDE``, by file."""
    folder = tmp_path_factory.mktemp("beside")
    home = Home(folder / "home")
    copy_reference(home)
    for table, rows in {"measures": OWN_MEASURES, "indicators": OWN_INDICATORS}.items():
        with (home.reference / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write(rows)
    names: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("MUNIMON_ACTOR", "coordinator")
        for day, (name, write) in enumerate(REPORTS_BESIDE.items(), start=1):
            environment.setenv("MUNIMON_NOW", f"2024-07-{day:02d}T12:00")
            for submission in pipeline.ingest(home, [write(folder / name)], IngestOptions()).submissions:
                names[submission.submission_id] = name
        pipeline.build(home)
    return {names[submission_id]: findings for submission_id, findings in read_all_build_warnings(home).items()}


def test_reports_beside_each_other_break_the_rules_of_the_build(warned):
    assert {name: [(finding.rule, finding.sheet, finding.cell) for finding in findings] for name, findings in warned.items()} == BESIDE
    for findings in warned.values():
        for finding in findings:
            _assert_said_in_every_language(finding)


def test_all_mistakes_of_a_row_are_told_at_once(report, send_one):
    wrong = {"engagement_ref": "A-1", "employer_type": "club", "engaged_persons": 30, "engaged_women": 32, "started_on": "in spring"}
    submission = send_one(report(language="en", rows={"engagements": [wrong]}))

    assert [(finding.rule, finding.cell) for finding in submission.findings] == [
        ("code_unknown", "D3"), ("date_unreadable", "F3"), ("more_than_whole", "I3"),
    ]  # fmt: skip


def test_every_rule_has_a_case():
    beside = {rule for found in BESIDE.values() for rule, _, _ in found}
    assert sorted({case.rule for case in CASES} | set(LOST) | beside) == sorted(load_rules())
