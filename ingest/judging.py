"""The checks across fields, applied: rows that break an error rule are quarantined, and every broken rule becomes a finding with its cell."""

from collections.abc import Sequence

import pyarrow as pa

from ingest.findings import Finding, severity_of
from ingest.interpret import Draft
from ingest.raw import schema_of
from ingest.rows import Row
from ingest.sections import load_sections


def judge_drafts(drafts: Sequence[Draft]) -> None:
    """Judge all rows of the drafts, once a section, and enter in each draft what its rows break.

    Rows that could not be read whole are not judged: the sender mends their cells first.
    """
    judged = [(draft, row) for draft in drafts if not draft.is_refused for row in draft.rows if not row.is_quarantined]
    for section in load_sections():
        of_section = [(draft, row) for draft, row in judged if row.section == section]
        if of_section:
            _judge_section(section, of_section)


def _judge_section(section: str, rows: Sequence[tuple[Draft, Row]]) -> None:
    import pandas as pd

    from expectations.run import judge

    schema = schema_of(load_sections()[section])
    columns = {name: [row.values.get(name) for _, row in rows] for name in schema.names}
    nullable = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype()}
    frame = pa.table(columns, schema=schema).to_pandas(types_mapper=nullable.get, date_as_object=True)
    for broken in judge(section, frame):
        draft, row = rows[broken.row]
        severity = severity_of(broken.rule)
        row.is_quarantined |= severity == "error"
        draft.findings.append(
            Finding(
                severity,
                broken.rule,
                section,
                row.sheet,
                row.cell(broken.field),
                row.number,
                broken.field,
                row.as_reported(broken.field),
                broken.params,
            )
        )
