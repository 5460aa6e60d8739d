"""What the checks looked at: for each report and rule how many rows were judged and how many failed, kept beside the rows in raw."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.entries import RuleCounts
from munimon.disk import whole_file

# A folder of raw, so that a rebuild makes it anew with the rows.
_FOLDER = "checks"
_SCHEMA = pa.schema(
    {
        "batch_id": pa.string(),
        "submission_id": pa.string(),
        "section": pa.string(),
        "rule": pa.string(),
        "field": pa.string(),
        "other": pa.string(),
        "judged": pa.int64(),
        "failed": pa.int64(),
    }
)


def write_checks(raw: Path, batch_id: str, counts: Mapping[str, Sequence[RuleCounts]]) -> None:
    """Write what was judged of the submissions of a batch, by submission id."""
    rows = [
        (batch_id, submission_id, each.section, *rule, judged, failed)
        for submission_id, of_submission in counts.items()
        for each in of_submission
        for rule, judged, failed in zip(each.rules, each.judged, each.failed, strict=True)
        if judged
    ]
    if rows:
        columns = [pa.array(column, kind) for column, kind in zip(zip(*rows, strict=True), _SCHEMA.types, strict=True)]
        with whole_file(raw / _FOLDER / f"{batch_id}.parquet") as aside:
            pq.write_table(pa.Table.from_arrays(columns, schema=_SCHEMA), aside)


def read_checks(raw: Path) -> pa.Table:
    """All that was judged, one row per submission, section and rule on a field.

    Columns: batch_id, submission_id, section, rule, field, other, judged, failed.
    """
    files = sorted((raw / _FOLDER).glob("*.parquet"))
    return pa.concat_tables([pq.read_table(file, schema=_SCHEMA) for file in files]) if files else _SCHEMA.empty_table()
