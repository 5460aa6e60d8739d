"""The checks across fields, applied: rows that break an error rule are quarantined, and every broken rule becomes a finding with its cell."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from ingest.entries import RuleCount
from ingest.findings import Finding, severity_of
from ingest.interpret import Draft
from ingest.raw import schema_of
from ingest.rows import Row
from ingest.sections import load_sections

if TYPE_CHECKING:
    import pandas as pd

Rows = Sequence[tuple[Draft, Row]]


def judge_drafts(drafts: Sequence[Draft], reference: Path) -> None:
    """Judge all rows of the drafts, once a section, and enter in each draft what its rows break and how many each rule judged.

    Rows that could not be read whole are not judged: the sender mends their cells first.

    Args:
        drafts: The drafts of a batch.
        reference: The folder of reference tables, for what is plausible.
    """
    judged = [(draft, row) for draft in drafts if not draft.is_refused for row in draft.rows if not row.is_quarantined]
    by_section = {section: [(draft, row) for draft, row in judged if row.section == section] for section in load_sections()}
    by_section = {section: rows for section, rows in by_section.items() if rows}
    if not by_section:
        return
    from expectations.ranges import load_ranges
    from expectations.run import judge
    from expectations.sheets import compare_rows

    numbers = {id(draft): number for number, draft in enumerate(drafts)}
    frames = {section: _frame_of(section, rows, numbers) for section, rows in by_section.items()}

    def cell_of(section: str, position: int, field: str) -> str:
        row = by_section[section][position][1]
        return f"{row.sheet}!{row.cell(field) or row.number}"

    ranges = load_ranges(reference)
    for section, columns in compare_rows(frames, cell_of).items():
        judgement = judge(section, _with_columns(frames[section], columns), ranges)
        for broken in judgement.broken:
            _enter(*by_section[section][broken.row], broken.rule, broken.field, broken.params)
        for count in judgement.counts:
            drafts[count.submission].checks.append(RuleCount(section, count.rule, count.field, count.other, count.judged, count.failed))


def _with_columns(frame: "pd.DataFrame", columns: Mapping[str, list[str | None]]) -> "pd.DataFrame":
    import pandas as pd

    return frame.assign(**{name: pd.Series(values, dtype="str") for name, values in columns.items()})


def _frame_of(section: str, rows: Rows, numbers: Mapping[int, int]) -> "pd.DataFrame":
    import pandas as pd

    schema = schema_of(load_sections()[section])
    columns = {name: [row.values.get(name) for _, row in rows] for name in schema.names}
    nullable = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype()}
    frame: pd.DataFrame = pa.table(columns, schema=schema).to_pandas(types_mapper=nullable.get, date_as_object=True)
    places = [draft.place for draft, _ in rows]
    return frame.assign(
        submission=[numbers[id(draft)] for draft, _ in rows],
        programme_id=pd.Series([place.programme_id for place in places], dtype="str"),
        country_code=pd.Series([place.country_code for place in places], dtype="str"),
        period_end=pd.Series([place.period.end if place.period else None for place in places], dtype="object"),
        amounts=["flow" if draft.layout and draft.layout.amounts == "flow" else "to_date" for draft, _ in rows],
    )


def _enter(draft: Draft, row: Row, rule: str, field: str, params: Mapping[str, object]) -> None:
    severity = severity_of(rule)
    row.is_quarantined |= severity == "error"
    place = (row.sheet, row.cell(field), row.number)
    draft.findings.append(Finding(severity, rule, row.section, *place, field, row.as_reported(field), params))
