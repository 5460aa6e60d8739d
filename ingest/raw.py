"""Raw Parquet: one folder per section, one file per ingest batch, only ever added to."""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.sections import Section, load_sections, raw_columns
from munimon.disk import whole_file

_ARROW_TYPES: Mapping[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "BOOLEAN": pa.bool_(),
    "DATE": pa.date32(),
    "DECIMAL(18,2)": pa.decimal128(18, 2),
    "DECIMAL(18,4)": pa.decimal128(18, 4),
}


# Where a row stood and what it is about; its fields follow. `source_column` is the column's letter where each cell of a wide table is a row of its
# own, and null where the sheet's row is one. `as_reported` is a JSON object: field → the text in the
# cell, none of personal fields.
COMMON_COLUMNS: dict[str, str] = {
    "batch_id": "VARCHAR",
    "submission_id": "VARCHAR",
    "section": "VARCHAR",
    "source_sheet": "VARCHAR",
    "source_row": "BIGINT",
    "source_column": "VARCHAR",
    "thing_key": "VARCHAR",
    "is_quarantined": "BOOLEAN",
    "as_reported": "VARCHAR",
}


# What rows are given by the batch that they are written in, once they have been judged.
_OF_THE_BATCH = ("batch_id", "submission_id", "is_quarantined")


def schema_of(section: Section) -> pa.Schema:
    """The Arrow schema of a section's raw rows."""
    return pa.schema({name: _ARROW_TYPES[kind] for name, kind in (COMMON_COLUMNS | raw_columns(section)).items()})


def schema_of_rows(section: Section) -> pa.Schema:
    """The same of rows before they are judged and belong to a batch."""
    return pa.schema([column for column in schema_of(section) if column.name not in _OF_THE_BATCH])


def write_raw(folder: Path, section: Section, batch_id: str, rows: pa.Table) -> None:
    """Write the rows of one batch and section, with all columns of ``schema_of`` but the batch's."""
    rows = rows.append_column("batch_id", pa.repeat(batch_id, rows.num_rows)).select(schema_of(section).names)
    with whole_file(folder / section.name / f"{batch_id}.parquet") as aside:
        pq.write_table(rows, aside, compression="zstd")


def ensure_folders(folder: Path) -> None:
    """Give every section its folder with an empty table in it, so that a section nobody has reported can be read too.

    Written anew when the section has gained fields.
    """
    for section in load_sections().values():
        empty = folder / section.name / "_schema.parquet"
        if not empty.exists() or not pq.read_schema(empty).equals(schema_of(section)):
            with whole_file(empty) as aside:
                pq.write_table(schema_of(section).empty_table(), aside)
