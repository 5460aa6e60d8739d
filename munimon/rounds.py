"""A round of reporting, as it stands in what is published: who takes part, what of theirs goes on, and which reports are missing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from ingest.entries import USABLE
from ingest.ledger import Ledger
from ingest.periods import Period
from ingest.sections import Field, Section, load_report_sheet, load_sections
from ingest.templates import Value
from munimon.settings import Home

# Section → when a thing in it is not over. Everything else is reported once and done.
_GOES_ON = {
    "grants": "(spent_amount is null or awarded_amount is null or spent_amount < awarded_amount)",
    "engagements": "(ended_on_edtf is null or ended_on_latest >= $starts)",
}
# What a municipality itself reports in its form, by tables of facts that have the fields of the section.
_REPORTED = ("grants", "engagements", "trainings", "equipment", "services", "local_plans", "household_support", "events")
_IS_DAY = 10

# Municipality → section → the published rows of its things.
Things = Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]


@dataclass(frozen=True)
class MissingReport:
    """A report that was due and has not come."""

    programme_id: str
    municipality_code: str
    period_id: str
    due_on: date


def participants(marts: duckdb.DuckDBPyConnection, programme_id: str, period: Period) -> list[str]:
    """The codes of the municipalities that a programme supports in a period."""
    rows = marts.execute(
        """
        select distinct municipality_code
        from marts.fct_participations
        where
            recorded_to is null and role = 'supported' and municipality_code is not null and programme_id = $programme
            and ($starts is null or until_latest is null or until_latest >= $starts)
            and ($ends is null or since_earliest is null or since_earliest <= $ends)
        order by municipality_code
        """,
        {"programme": programme_id, "starts": period.start, "ends": period.end},
    )
    return [code for (code,) in rows.fetchall()]


def open_things(marts: duckdb.DuckDBPyConnection, programme_id: str, period: Period) -> Things:
    """What the municipalities of a programme are to report on again: what they reported for this very period, and what of earlier is not over.

    A thing that stands for itself within its report has nothing it could be known by again, and is left out; so is one on which a later period
    has been reported already.
    """
    things: dict[str, dict[str, list[Mapping[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for section in _REPORTED:
        goes_on = f"or ({_GOES_ON[section]} and (period_start is null or period_start <= $starts))" if section in _GOES_ON else ""
        cursor = marts.execute(
            f"""
            select *
            from marts.fct_{section}
            where
                recorded_to is null and municipality_code is not null and thing_key not like 'row:%' and programme_id = $programme
                and $starts is not distinct from $starts
                and (period_id = $period {goes_on})
            order by municipality_code, source_sheet, source_row, thing_key
            """,  # noqa: S608  # our own section names and conditions
            {"programme": programme_id, "period": period.period_id, "starts": period.start},
        )
        names = [column[0] for column in cursor.description or ()]
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            things[row["municipality_code"]][section].append(row)
    return things


def missing_reports(marts: duckdb.DuckDBPyConnection, ledger: Ledger, programme_id: str | None, period_id: str | None) -> list[MissingReport]:
    """The reports that were due when the marts were built and have not come, not even since then; each programme's and municipality's in order."""
    rows = marts.execute(
        """
        select programme_id, municipality_code, period_id, due_on
        from marts.fct_reporting
        where not is_received and ($programme is null or programme_id = $programme) and ($period is null or period_id = $period)
        order by programme_id, municipality_code, period_start
        """,
        {"programme": programme_id, "period": period_id},
    )
    come = {
        (row["programme_id"], row["municipality_code"], row["period_id"])
        for row in ledger.select("select * from current_submissions where status in (?, ?, 'waiting_for_answer')", USABLE)
    }
    return [missing for missing in (MissingReport(*row) for row in rows.fetchall()) if _key(missing) not in come]


def used_refs(home: Home, ledger: Ledger, programme_id: str) -> Mapping[tuple[str, str], set[str]]:
    """(Municipality, section) → the refs that its reports on a programme have used, those received since the last build too."""
    owners = {
        row["submission_id"]: row["municipality_code"]
        for row in ledger.select("select submission_id, municipality_code from current_submissions where programme_id = ?", [programme_id])
    }
    used: dict[tuple[str, str], set[str]] = defaultdict(set)
    for section in load_sections().values():
        files = [str(path) for path in (home.raw / section.name).glob("*.parquet")]
        if section.ref and files:
            # our own field names
            query = f"select distinct submission_id, {section.ref.name} from read_parquet($files, union_by_name = true)"  # noqa: S608
            for submission_id, ref in duckdb.execute(query, {"files": files}).fetchall():
                if ref and submission_id in owners:
                    used[owners[submission_id], section.name].add(ref)
    return used


def write_again(section: Section, row: Mapping[str, Any], language: str) -> dict[str, Value]:
    """A published row as a clerk would type it, so that left as it is it says the same again."""
    written = {field.name: _write(field, row, language) for field in section.fields if field.name in row or f"{field.name}_edtf" in row}
    return {name: value for name, value in written.items() if value is not None or (section.ref and name == section.ref.name)}


def _write(field: Field, row: Mapping[str, Any], language: str) -> Value:
    if field.type == "date":
        edtf = row[f"{field.name}_edtf"]
        is_day = edtf is not None and len(edtf) == _IS_DAY and edtf.replace("-", "").isdigit()
        return date.fromisoformat(edtf) if is_day else edtf
    value: Value = row[field.name]
    qualifier = row.get(f"{field.name}_qualifier")
    if value is None or qualifier is None or qualifier == "exact":
        return value
    number = str(value) if language == "en" else str(value).replace(".", ",")
    return f"{load_report_sheet().texts[qualifier][language]} {number}"


def _key(missing: MissingReport) -> tuple[str, str, str]:
    return missing.programme_id, missing.municipality_code, missing.period_id
