"""Years of reporting, made up at any size: a home whose raw rows and ledger are what ingesting them would have left, written by DuckDB in one go.

The last hundredth of all reports is held back: it comes when the others are built.

A programme's municipalities report every quarter, mostly within six weeks of its end; the coordinator takes in what has come once a working day. A
report speaks of the things of its own quarter and again of those of the two quarters before, with what has become known of them since. Some reports
are corrected, come after the next one, are withdrawn or never come; some values are not known and some rows could not be used.
"""

import csv
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from ingest.entries import Entry
from ingest.ledger import Ledger
from ingest.raw import COMMON_COLUMNS, ensure_folders
from ingest.sections import Field, Section, load_code_lists, load_sections, raw_columns
from munimon.settings import Home, shipped

QUARTERS = 8
FIRST_YEAR = 2023
PROGRAMMES = 4
# Things that are new in a quarter, by section; what has none here is told once a report.
NEW_THINGS = {"grants": 30, "engagements": 100, "trainings": 70, "equipment": 70, "services": 30, "household_support": 70, "events": 30}
# Rows of a pair of municipality and programme over all quarters, corrections included: the mean of what the probabilities below give.
ROWS_PER_PAIR = 9_350

_PARTS = {
    "engaged_women": "engaged_persons", "engaged_roma": "engaged_persons", "engaged_roma_women": "least(engaged_women, engaged_roma)",
    "outcome_known_women": "least(outcome_known_persons, engaged_women)", "outcome_known_roma": "least(outcome_known_persons, engaged_roma)",
    "retained_persons": "outcome_known_persons", "retained_women": "outcome_known_women", "retained_roma": "outcome_known_roma",
    "enrolled_women": "enrolled_persons", "enrolled_roma": "enrolled_persons", "completed_persons": "enrolled_persons",
    "completed_women": "least(completed_persons, enrolled_women)", "completed_roma": "least(completed_persons, enrolled_roma)",
    "users_women": "users", "users_roma": "users", "disbursed_amount": "awarded_amount", "spent_amount": "disbursed_amount",
}  # fmt: skip
# What is not told at first, but in the later reports on the thing.
_TOLD_LATER = ("ended_on", "outcome_known_persons", "completed_persons", "disbursed_amount", "days_worked")
_OWN = {
    "outcome_known_persons": "engaged_persons * dice(thing, {seed}, 101) // 100",
    "valid_from_year": "2020 + dice(thing, {seed}, 4)",
    "valid_to_year": "valid_from_year + 3",
    "duration_years": "4",
    "role": "'supported'",
    "source_id": "'benchmark'",
    "measure_code": "'claimed_persons'",
    "sex": "case when dice(thing, {seed}, 20) = 0 then 'female' end",
    "community": "case when dice(thing, {seed}, 20) = 0 then 'roma' end",
    "age_group": "null",
    "target_group": "null",
    "currency": "['EUR', 'RSD', 'RSD'][1 + dice(thing, {seed}, 3)]",
}


HELD_BACK = 0.01

# The ledger's tables, in the order in which they are entered: columns and rows.
Entries = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


@dataclass(frozen=True)
class History:
    """How many raw rows were written in all, those of the reports that are held back among them, and what the ledger will say of these."""

    rows: int
    held_back: Entries

    def enter_the_rest(self, home: Home) -> None:
        """Let the reports come that were held back."""
        _enter(Ledger(home.ledger), self.held_back)


def write_history(home: Home, rows: int) -> History:
    """Write about ``rows`` raw rows over all sections, and the ledger that knows them but for the last reports, into an empty home."""
    _write_reference(home.folder / "reference")
    ensure_folders(home.raw)
    ledger = Ledger(home.ledger)
    reference_version = ledger.record_reference(home.reference, Entry(datetime(2022, 1, 1, tzinfo=UTC), "benchmark", is_back_filled=True))
    with duckdb.connect() as connection:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("create macro dice(thing, seed, sides) as cast(hash(thing, seed) % sides as bigint)")
        connection.execute(_REPORTS, {"municipalities": str(home.reference / "municipalities.csv"), "pairs": max(1, round(rows / ROWS_PER_PAIR))})
        for section in load_sections().values():
            _write_section(connection, home.raw / section.name, section)
        connection.execute(_TOTALS)
        ((last,),) = connection.execute("select quantile_disc(recorded_at, ?) from reports", [1 - HELD_BACK]).fetchall()
        _enter(ledger, _entries(connection, reference_version, "", last))
        ((written,),) = connection.execute("select sum(rows) from section_rows").fetchall()
        return History(int(written), _entries(connection, reference_version, last, "9"))


def _write_reference(folder: Path) -> None:
    shutil.copytree(shipped() / "data" / "reference", folder)
    with (folder / "programmes.csv").open(encoding="utf-8", newline="") as lines:
        columns = next(csv.reader(lines))
    with (folder / "programmes.csv").open("a", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, columns, lineterminator="\n")
        for number in range(1, PROGRAMMES + 1):
            writer.writerow(
                {
                    "programme_id": f"P{number}",
                    "title": f"Programme {number}",
                    "country_code": "RS",
                    "parent_programme_id": "P1" if number in (2, 3) else "",
                    "reporting_frequency": "quarter",
                    "due_days": 15,
                    "starts_on": date(FIRST_YEAR, 1, 1),
                    "ends_on": date(FIRST_YEAR + QUARTERS // 4 - 1, 12, 31),
                    "is_synthetic": "false",
                    "source": "benchmark",
                }
            )


# One row per report; `again` is 1 for a correction of an earlier one.
_REPORTS = f"""
create table reports as
with

pairs as (
    select municipality_code, 'P' || programme as programme_id, row_number() over (order by hash(municipality_code, programme)) as pair
    from read_csv($municipalities, all_varchar = true)
    cross join (select unnest(range(1, {PROGRAMMES} + 1)) as programme)
    qualify pair <= $pairs
),

quarters as (
    select
        quarter,
        cast(make_date({FIRST_YEAR}, 1, 1) + to_months(cast(3 * quarter as integer)) as date) as period_start,
        cast(make_date({FIRST_YEAR}, 1, 1) + to_months(cast(3 * quarter + 3 as integer)) - interval 1 day as date) as period_end
    from (select unnest(range({QUARTERS})) as quarter)
),

sent as (
    select
        *,
        period_end + cast(1 + least(dice(pair, quarter, 40), dice(pair, 100 + quarter, 40)) as integer)
        + case when dice(pair, 200 + quarter, 40) = 0 then 95 else 0 end
        + case when again = 1 then 5 + cast(dice(pair, 300 + quarter, 60) as integer) else 0 end as sent_on
    from pairs
    cross join quarters
    cross join (select unnest([0, 1]) as again)
    where
        (dice(pair, 400 + quarter, 30) > 0 or pair = 1)
        and (again = 0 or dice(pair, 500 + quarter, 100) < 15)
)

select
    *,
    substr(md5(concat_ws('/', pair, quarter, again)), 1, 20) as submission_id,
    year(period_start) || '-Q' || quarter(period_start) as period_id,
    strftime(cast(sent_on as timestamp) + to_hours(9) + to_seconds(dice(pair, 600 + quarter, 20000)), '%Y-%m-%dT%H:%M:%S.%f') as sent_at,
    strftime(taken_in, '%Y-%m-%dT%H:%M:%S.%f') as recorded_at,
    strftime(taken_in, 'batch-%Y%m%d') as batch_id,
    case
        when again = 1 and dice(pair, 700 + quarter, 20) = 0 then strftime(taken_in + interval 9 day, '%Y-%m-%dT%H:%M:%S.%f')
    end as withdrawn_at
from (
    select *, cast(sent_on + (case isodow(sent_on) when 6 then 2 when 7 then 1 else 0 end) as timestamp) + interval 18 hour as taken_in
    from sent
)
"""


def _write_section(connection: duckdb.DuckDBPyConnection, folder: Path, section: Section) -> None:
    new_things = NEW_THINGS.get(section.name)
    ages = 3 if new_things else 1
    common: Mapping[str, str] = {
        "batch_id": "batch_id",
        "submission_id": "submission_id",
        "section": f"'{section.name}'",
        "source_sheet": f"'{section.name}'",
        "source_row": "source_row",
        "source_column": "null",
        "thing_key": f"'ref:{section.name}-' || pair || '-' || birth || '-' || number" if new_things else f"'key:{section.name}-' || pair",
        "is_quarantined": "dice(thing, 1000 + quarter, 300) = 0",
        "as_reported": """'{"note": "' || number || '"}'""",
    }
    columns = {**common, **{name: value for seed, field in enumerate(section.fields) for name, value in _columns_of(field, seed)}}
    types = COMMON_COLUMNS | raw_columns(section)
    given = ", ".join(f"cast({columns[name]} as {types[name]}) as {name}" for name in types)
    connection.execute(
        f"""
        create or replace view statements as
        select
            *,
            hash(pair, birth, number, '{section.name}') as thing,
            quarter - birth as age,
            cast(make_date({FIRST_YEAR}, 1, 1) + to_months(cast(3 * birth as integer)) as date) as born_on,
            row_number() over (partition by submission_id order by birth, number) + 1 as source_row
        from (
            select reports.*, {"reports.quarter - ages.age" if new_things else "0"} as birth, numbers.number
            from reports
            cross join (select unnest(range({ages})) as age) as ages
            cross join (select unnest(range({new_things or 1})) as number) as numbers
            where reports.quarter >= ages.age
        )
        """
    )
    for quarter in range(QUARTERS):
        file = folder / f"quarter-{quarter:02}.parquet"
        connection.execute(f"copy (select {given} from statements where quarter = {quarter}) to '{file}' (format parquet, compression zstd)")
    connection.execute(
        f"""
        create table if not exists section_rows (submission_id varchar, section varchar, rows bigint, quarantined_rows bigint);
        insert into section_rows
        select submission_id, '{section.name}', count(*), count(*) filter (is_quarantined)
        from read_parquet('{folder}/quarter-*.parquet') group by submission_id
        """
    )


def _columns_of(field: Field, seed: int) -> Iterator[tuple[str, str]]:
    """The raw columns of a field as SQL over ``statements`` and the columns before them."""
    known = f"dice(thing, {1100 + seed}, 20) > 0" + (" and age > 0" if field.name in _TOLD_LATER else "")
    if field.type == "date":
        # some are known to the month only
        is_month = f"dice(thing, {1200 + seed}, 20) = 0"
        day = f"born_on + cast(dice(thing, {seed}, 90) as integer)" + (" + 120" if field.name == "ended_on" else "")
        yield f"{field.name}_edtf", f"case when {known} then left(cast({day} as varchar), case when {is_month} then 7 else 10 end) end"
        yield f"{field.name}_earliest", f"case when {known} then case when {is_month} then date_trunc('month', {day}) else {day} end end"
        yield f"{field.name}_latest", f"case when {known} then case when {is_month} then last_day({day}) else {day} end end"
        return
    yield field.name, f"case when {known} then {_value_of(field, seed)} end"
    if field.type in ("count", "number", "amount"):
        yield (
            f"{field.name}_qualifier",
            f"case when {field.name} is not null then case dice(thing, {1300 + seed}, 25) when 0 then 'about' else 'exact' end end",
        )


def _value_of(field: Field, seed: int) -> str:
    if field.name in _OWN:
        return _OWN[field.name].format(seed=seed)
    if field.name in _PARTS:
        share = f"dice(thing, {seed}, 51) + 25 * age" if field.type == "amount" else f"dice(thing, {seed}, 101)"
        return f"{_PARTS[field.name]} * cast({share} as decimal(9, 0)) {'/ 100' if field.type == 'amount' else '// 100'}"
    if field.type == "code" and field.codes:
        codes = sorted(load_code_lists()[field.codes].codes)
        return f"{codes}[1 + dice(thing, {seed}, {len(codes)})]"
    if field.type == "ref":
        return "pair || '-' || birth || '-' || number"
    if field.type == "count":
        return f"1 + dice(thing, {seed}, 25)"
    if field.type in ("number", "amount"):
        return f"(1 + dice(thing, {seed}, 90000)) * (1 + age)"
    return f"'{field.name} ' || dice(thing, {seed}, 400)"


_TOTALS = """
create view totals as
select submission_id, cast(sum(rows - quarantined_rows) as bigint) as accepted_rows,
    cast(sum(quarantined_rows) as bigint) as quarantined_rows
from section_rows group by submission_id
"""
# What recording these reports, day by day, leaves in the ledger, with when it is entered.
_LEDGER = {
    "batches": "select distinct batch_id, $reference_version as reference_version, 0 as last_answer_id, recorded_at as entered_at from reports",
    "receipts": """
        select submission_id as receipt_id, md5(submission_id) as file_sha256, period_id || '.xlsx' as file_name, recorded_at as entered_at
        from reports
        """,
    "submissions": """
        select
            submission_id, submission_id as receipt_id, 1 as attempt, submission_id as attempt_key, batch_id, municipality_code, programme_id,
            period_id, cast(period_start as varchar) as period_start, cast(period_end as varchar) as period_end, period_id as period_as_reported,
            'en' as language, 'replaces' as statement, sent_at, 'sender' as sent_by, accepted_rows, quarantined_rows, recorded_at,
            'benchmark' as actor, 0 as is_back_filled, recorded_at as entered_at
        from reports inner join totals using (submission_id)
        """,
    "submission_sections": """
        select submission_id, section, 'data' as said, section as source_sheet, rows, '{}' as columns, recorded_at as entered_at
        from section_rows inner join reports using (submission_id)
        """,
    "events": """
        select submission_id, event, recorded_at, 'benchmark' as actor, 0 as is_back_filled, recorded_at as entered_at
        from (
            select submission_id, case when quarantined_rows > 0 then 'partly_accepted' else 'accepted' end as event, recorded_at
            from reports inner join totals using (submission_id)
            union all
            select submission_id, 'withdrawn', withdrawn_at from reports where withdrawn_at is not null
        )
        """,
}


def _entries(connection: duckdb.DuckDBPyConnection, reference_version: str, after: str, until: str) -> Entries:
    """What is entered after a moment and until another, in that order."""
    entries: Entries = {}
    for table, select in _LEDGER.items():
        given = {"reference_version": reference_version} if "$reference_version" in select else {}
        cursor = connection.execute(
            f"select entered_at, * exclude (entered_at) from ({select}) where entered_at > $after and entered_at <= $until order by all",
            {"after": after, "until": until, **given},
        )
        entries[table] = [column[0] for column in cursor.description[1:]], [row[1:] for row in cursor.fetchall()]
    return entries


def _enter(ledger: Ledger, entries: Entries) -> None:
    with ledger.write() as connection:
        for table, (columns, rows) in entries.items():
            connection.executemany(f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' for _ in columns)})", rows)
