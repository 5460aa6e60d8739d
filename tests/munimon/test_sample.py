"""What the synthetic sample holds, before it is written."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from pathlib import Path

import pytest

from ingest.sections import SECTIONS
from ingest.templates import write_report
from munimon.sample.reports import DUE_DAYS, Report, plan_reports

SEED = 2024


@pytest.fixture(scope="module")
def reports() -> list[Report]:
    return plan_reports(Path("sample"), SEED)


def quarter_of(report: Report) -> tuple[str, str]:
    """Period and municipality of a report, as its file is named."""
    year, quarter, code = report.file.path.stem.split("-")[1:4]
    return f"{year}-{quarter}", code


def last_day(period: str) -> date:
    year, quarter = int(period[:4]), int(period[-1])
    return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)


def test_the_same_seed_gives_the_same_reports_and_another_seed_others(reports: list[Report]) -> None:
    assert plan_reports(Path("sample"), SEED) == reports
    assert plan_reports(Path("sample"), SEED + 1) != reports


def test_sixty_municipalities_of_both_countries_report_for_eight_quarters_on_all_sections(reports: list[Report]) -> None:
    participations, *quarterly = reports
    rows = participations.rows["participations"]

    assert len(rows) == 60
    assert Counter("MK" if "(MK" in str(row["municipality"]) else "RS" for row in rows) == {"RS": 36, "MK": 24}
    assert {quarter_of(report)[0] for report in quarterly} == {f"{year}-Q{quarter}" for year in (2024, 2025) for quarter in (1, 2, 3, 4)}
    assert {section for report in reports for section, section_rows in report.rows.items() if section_rows} == set(SECTIONS)


def test_reports_are_written_in_both_scripts_and_five_languages(reports: list[Report]) -> None:
    assert {report.language for report in reports} == {"en", "sr-Latn", "sr-Cyrl", "mk", "sq"}


def test_some_reports_are_late_some_never_come_some_are_corrected_and_some_wrong(reports: list[Report]) -> None:
    first = [report for report in reports[1:] if not report.file.path.stem.endswith("-v2")]
    late = [report for report in first if report.file.sent_at.date() > last_day(quarter_of(report)[0]) + timedelta(days=DUE_DAYS)]
    wrong = [
        row
        for report in first
        for row in report.rows.get("engagements", ())
        if row.get("engaged_women", 0) > row["engaged_persons"] or row.get("ended_on", date.max) < row["started_on"]
    ]

    assert 0 < len(late) < len(first) < 60 * 8
    assert len(reports) - 1 > len(first)
    assert wrong
    assert {said for report in first for said in report.said.values()} == {"nothing", "not_known"}
    assert any(not report.period for report in first)
    assert any(isinstance(report.municipality, str) for report in first)
    assert any(report.statement is None for report in reports)


def test_a_correction_is_sent_after_what_it_corrects_and_received_after_it_was_sent(reports: list[Report]) -> None:
    sent = {report.file.path.stem: report.file for report in reports}

    for name, file in sent.items():
        assert file.recorded_at >= file.sent_at
        if name.endswith("-v2"):
            assert file.sent_at > sent[name.removesuffix("-v2")].sent_at


def test_an_engagement_is_reported_over_several_quarters_and_its_outcome_once_it_is_over(reports: list[Report]) -> None:
    quarters: dict[tuple[str, str], set[str]] = defaultdict(set)
    for report in reports[1:]:
        period, code = quarter_of(report)
        for row in report.rows.get("engagements", ()):
            quarters[code, row["engagement_ref"]].add(period)
            assert "retained_persons" not in row or "ended_on" in row

    assert max(len(periods) for periods in quarters.values()) == 4
    assert any("retained_persons" in row for report in reports for row in report.rows.get("engagements", ()))


def test_amounts_of_a_grant_grow_from_quarter_to_quarter(reports: list[Report]) -> None:
    disbursed: dict[tuple[str, str], list[float]] = defaultdict(list)
    for report in reports[1:]:
        if not report.file.path.stem.endswith("-v2"):
            for row in report.rows.get("grants", ()):
                disbursed[quarter_of(report)[1], row["grant_ref"]].append(row["disbursed_amount"])

    assert all(amounts == sorted(amounts) for amounts in disbursed.values())
    assert max(len(amounts) for amounts in disbursed.values()) == 4


def test_every_name_in_the_sample_says_that_it_is_an_example(reports: list[Report]) -> None:
    names = {
        str(row[field])
        for report in reports
        for rows in report.rows.values()
        for row in rows
        for field in ("employer_name", "grantee_name", "provider_name", "recipient_name", "host_institution", "item_name")
        if field in row
    }

    assert names
    assert all(name.startswith(("Example ", "Primer ", "Пример ", "Shembull ")) for name in names)


def test_every_field_of_the_sample_is_one_of_its_section(reports: list[Report], tmp_path: Path) -> None:
    for language in ("en", "mk"):
        report = next(report for report in reports if report.language == language)
        # The template refuses fields and answers that it does not know.
        write_report(
            tmp_path / "report.xlsx",
            language=report.language,
            municipality=report.municipality,
            programme="SAMPLE",
            period=report.period,
            statement=report.statement,
            rows=report.rows,
            said=report.said,
        )
