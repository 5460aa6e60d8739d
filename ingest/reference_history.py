"""The reference tables that figures depend on, each row with when it was in force, for dbt: what was published on any day can then be told again."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from ingest.ledger import Ledger
from munimon.disk import whole_file
from munimon.settings import shipped

# The first version we know of is taken to have held before as well: reports of that time were understood by it.
EVER = datetime(1, 1, 1)
TABLES = ("exchange_rates", "indicators", "measures", "municipalities", "plausible_changes", "programmes", "targets", "unit_conversions")

Row = tuple[tuple[str, str], ...]


def export_reference_history(ledger: Ledger, folder: Path) -> None:
    """Write ``folder/<table>.parquet`` for each table that figures depend on, from the contents the ledger keeps.

    Where the home's own reference data, older than a table, does not have it, the shipped one was in force.
    """
    versions = _versions_in_force(ledger)
    for table in TABLES:
        name = f"{table}.csv"
        whole = (shipped() / "data" / "reference" / name).read_bytes()
        write_history(folder / f"{table}.parquet", [(since, _content(ledger, files.get(name), whole)) for since, files in versions])


def write_history(file: Path, contents: Sequence[tuple[datetime, bytes]]) -> None:
    """Write the rows of one CSV table over time.

    Args:
        file: The Parquet file: the table's columns as text (null where empty), recorded_from and recorded_to (null: still in force).
        contents: When each content came into force (UTC), in order, and its bytes.
    """
    names = list(dict.fromkeys(name for _, content in contents for name in _reader(content).fieldnames or ()))
    rows = sorted(_rows_in_force(contents), key=lambda row: (row[1], row[0]))
    columns: dict[str, pa.Array] = {name: pa.array([dict(row).get(name) or None for row, _, _ in rows], pa.string()) for name in names}
    columns["recorded_from"] = pa.array([since for _, since, _ in rows], pa.timestamp("us"))
    columns["recorded_to"] = pa.array([until for _, _, until in rows], pa.timestamp("us"))
    file.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(file) as aside:
        pq.write_table(pa.table(columns), aside)


def _versions_in_force(ledger: Ledger) -> list[tuple[datetime, dict[str, str]]]:
    """When each version came into force, in order, and its files' hashes.

    The ledger's clock may be set back: a change entered later but dated before others takes their place from its date on, since its tables are
    those in force now.
    """
    changes = ledger.select(
        """
        select reference_changes.recorded_at, reference_versions.files
        from reference_changes
        inner join reference_versions on reference_changes.reference_version = reference_versions.reference_version
        order by reference_changes.change_id desc
        """
    )
    versions: list[tuple[datetime, dict[str, str]]] = []
    for change in changes:
        since = datetime.fromisoformat(change["recorded_at"])
        if not versions or since < versions[-1][0]:
            versions.append((since, json.loads(change["files"])))
    versions.reverse()
    return [(EVER if number == 0 else since, files) for number, (since, files) in enumerate(versions)]


def _content(ledger: Ledger, sha256: str | None, otherwise: bytes) -> bytes:
    rows = ledger.select("select content from reference_contents where content_sha256 = ?", [sha256])
    return rows[0]["content"] if rows else otherwise


def _rows_in_force(contents: Iterable[tuple[datetime, bytes]]) -> Iterator[tuple[Row, datetime, datetime | None]]:
    in_force: dict[Row, datetime] = {}
    for since, content in contents:
        rows = {tuple(row.items()) for row in _reader(content)}
        for gone in in_force.keys() - rows:
            yield gone, in_force.pop(gone), since
        for new in rows - in_force.keys():
            in_force[new] = since
    for row, since in in_force.items():
        yield row, since, None


def _reader(content: bytes) -> "csv.DictReader[str]":
    return csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
