"""Small warehouses for tests: raw Parquet, ledger exports and reference data from short dicts, and dbt run on them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.ledger import CONTACTS
from ingest.raw import COMMON_COLUMNS
from ingest.reference_history import EVER, TABLES, write_history
from ingest.sections import load_sections, raw_columns

Row = Mapping[str, Any]

CHECKOUT = Path(__file__).parents[2]
PROJECT = CHECKOUT / "dbt_project"
REFERENCE = CHECKOUT / "data" / "reference"

LEDGER: Mapping[str, Mapping[str, str]] = {
    "submissions": {
        "submission_id": "VARCHAR", "batch_id": "VARCHAR", "file_name": "VARCHAR", "file_sha256": "VARCHAR", "layout": "VARCHAR",
        "language": "VARCHAR", "municipality_code": "VARCHAR", "programme_id": "VARCHAR", "period_id": "VARCHAR", "period_start": "DATE",
        "period_end": "DATE", "period_as_reported": "VARCHAR", "statement": "VARCHAR", "amounts": "VARCHAR",
        "sent_at": "TIMESTAMP", "sent_by": "VARCHAR",
        "recorded_at": "TIMESTAMP", "actor": "VARCHAR", "status": "VARCHAR", "accepted_rows": "BIGINT", "quarantined_rows": "BIGINT",
        "is_back_filled": "BOOLEAN",
    },
    "submission_sections": {
        "submission_id": "VARCHAR", "section": "VARCHAR", "said": "VARCHAR", "source_sheet": "VARCHAR", "rows": "BIGINT", "columns": "VARCHAR",
    },
    "submission_states": {
        "submission_id": "VARCHAR", "replaces": "BOOLEAN", "sent_at": "TIMESTAMP", "recorded_from": "TIMESTAMP", "recorded_to": "TIMESTAMP",
        "from_cause": "VARCHAR", "to_cause": "VARCHAR",
    },
    "submission_statuses": {
        "submission_id": "VARCHAR", "batch_id": "VARCHAR", "municipality_code": "VARCHAR", "status": "VARCHAR",
        "sent_at": "TIMESTAMP", "sent_by": "VARCHAR", "accepted_rows": "BIGINT", "quarantined_rows": "BIGINT",
        "recorded_from": "TIMESTAMP", "recorded_to": "TIMESTAMP",
    },
    "findings": {
        "finding_id": "VARCHAR", "submission_id": "VARCHAR", "recorded_at": "TIMESTAMP", "severity": "VARCHAR", "rule": "VARCHAR",
        "section": "VARCHAR", "sheet": "VARCHAR", "cell": "VARCHAR", "field": "VARCHAR", "source_row": "BIGINT",
        "value_as_reported": "VARCHAR", "message_en": "VARCHAR", "params": "VARCHAR", "is_open": "BOOLEAN",
        "closed_by_submission_id": "VARCHAR", "closed_at": "TIMESTAMP", "recorded_from": "TIMESTAMP", "recorded_to": "TIMESTAMP",
    },
    "approvals": {
        "programme_id": "VARCHAR", "municipality_code": "VARCHAR", "period_id": "VARCHAR", "approved_at": "TIMESTAMP",
        "approved_to": "TIMESTAMP", "actor": "VARCHAR",
    },
    "rows_read": {"submission_id": "VARCHAR", "batch_id": "VARCHAR"},
    "last_build": {"known_until": "TIMESTAMP"},
    "reference_changes": {"name": "VARCHAR", "content_sha256": "VARCHAR", "recorded_at": "TIMESTAMP", "actor": "VARCHAR"},
    "build_days": {"recorded_at": "TIMESTAMP"},
}  # fmt: skip


@dataclass(frozen=True)
class Warehouse:
    """A folder with everything dbt reads, and the DuckDB file it writes."""

    folder: Path

    @property
    def build_file(self) -> Path:
        return self.folder / "build.duckdb"

    @property
    def environment(self) -> dict[str, str]:
        """The variables the dbt project reads, beside those of this process."""
        return {
            **os.environ,
            "MUNIMON_RAW": str(self.folder / "raw"),
            "MUNIMON_LEDGER": str(self.folder / "ledger"),
            "MUNIMON_REFERENCE": str(self.folder / "seeds"),
            "MUNIMON_BUILD_FILE": str(self.build_file),
        }

    def run_dbt(self, *arguments: str) -> str:
        """What dbt says to one command, such as ``run_dbt("build", "--select", "+fct_grants")``; a failure raises with dbt's own words."""
        # dbt writes what it ran to a seed's own path under its target, and for an absolute path that is the seed itself: it gets a copy
        shutil.copytree(self.folder / "reference", self.folder / "seeds", dirs_exist_ok=True)
        places = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(self.folder / "target")]
        dbt = [sys.executable, "-c", "from dbt.cli.main import cli; cli()", "--no-use-colors", "--log-path", str(self.folder / "logs")]
        done = subprocess.run([*dbt, *arguments, *places], env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"dbt {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def query(self, sql: str) -> list[dict[str, Any]]:
        """The rows of a SELECT on what was built, as dicts."""
        with duckdb.connect(str(self.build_file), read_only=True) as connection:
            cursor = connection.execute(sql)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def make_warehouse(
    folder: Path,
    *,
    submissions: Sequence[Row] = (),
    rows: Mapping[str, Sequence[Row]] | None = None,
    sections: Sequence[Row] = (),
    states: Sequence[Row] | None = None,
    findings: Sequence[Row] = (),
    approvals: Sequence[Row] = (),
    reference: Mapping[str, Sequence[Row]] | None = None,
) -> Warehouse:
    """Write a warehouse that dbt can be run on.

    A row needs only what matters to the test. Left out:
    - of a submission: file_sha256 is its id, sent_at is recorded_at, the status accepted, accepted and quarantined rows are counted;
      the period's dates are null unless given;
    - ``sections``: each submission with rows in a section said ``data`` of it;
    - ``states``: each submission is usable from recorded_at on and replaces the earlier one of its period; a state's own left-out
      fields likewise;
    - of a raw row: source_sheet is the section, source_row counts from 2 within submission and section, thing_key the row's own.
    ``reference`` gives whole tables (name → rows) in place of the shipped ones.
    """
    rows = rows or {}
    for section in load_sections().values():
        _write_raw(
            folder / "raw" / section.name, {**COMMON_COLUMNS, **raw_columns(section)}, _complete_rows(section.name, rows.get(section.name, ()))
        )
    every_row = [row for given in rows.values() for row in given]
    submissions = [_complete_submission(submission, every_row) for submission in submissions]
    recorded = {submission["submission_id"]: submission["recorded_at"] for submission in submissions}
    sent = {submission["submission_id"]: submission["sent_at"] for submission in submissions}
    said = {(row["submission_id"], name): {"said": "data", **row, "section": name} for name, given in rows.items() for row in given}
    named = {(row["submission_id"], row["section"]) for row in sections}
    tables: dict[str, Iterable[Row]] = {
        "submissions": submissions,
        "submission_sections": [
            *({"source_sheet": row["section"], **row} for row in sections),
            *({"submission_id": key[0], "section": key[1], "said": "data", "source_sheet": key[1]} for key in said if key not in named),
        ],
        "submission_states": [
            {
                "replaces": True,
                "sent_at": sent[row["submission_id"]],
                "recorded_from": recorded[row["submission_id"]],
                "from_cause": "received",
                **row,
            }
            for row in (states if states is not None else [{"submission_id": submission_id} for submission_id in recorded])
        ],
        "submission_statuses": [
            {name: submission.get(name) for name in LEDGER["submission_statuses"] if name in submission}
            | {"recorded_from": submission["recorded_at"]}
            for submission in submissions
        ],
        "findings": findings,
        "approvals": approvals,
        "rows_read": [{name: submission[name] for name in LEDGER["rows_read"]} for submission in submissions],
        "last_build": [{"known_until": None}],
        "reference_changes": [],
        "build_days": [],
    }
    for name, columns in LEDGER.items():
        _write_parquet(folder / "ledger" / f"{name}.parquet", columns, tables[name])
    _write_reference(folder / "reference", reference or {})
    for table in TABLES:
        write_history(folder / "ledger" / "reference" / f"{table}.parquet", [(EVER, (folder / "reference" / f"{table}.csv").read_bytes())])
    return Warehouse(folder)


def _complete_submission(given: Row, rows: Sequence[Row]) -> Row:
    own = [bool(row.get("is_quarantined")) for row in rows if row["submission_id"] == given["submission_id"]]
    return {
        "batch_id": given["submission_id"], "file_name": f"{given['submission_id']}.xlsx", "file_sha256": given["submission_id"],
        "layout": "template", "language": "en", "period_as_reported": given.get("period_id"), "statement": "replaces", "amounts": "to_date",
        "sent_at": given["recorded_at"], "sent_by": "sender", "actor": "test", "status": "accepted", "accepted_rows": own.count(False),
        "quarantined_rows": own.count(True), "is_back_filled": False, **given,
    }  # fmt: skip


def _complete_rows(section: str, given: Sequence[Row]) -> list[Row]:
    seen: dict[str, int] = {}
    complete = []
    for row in given:
        place = seen[row["submission_id"]] = seen.get(row["submission_id"], 1) + 1
        row = {
            "batch_id": row["submission_id"],
            "section": section,
            "source_sheet": section,
            "source_row": place,
            "is_quarantined": False,
            "as_reported": "{}",
            **row,
        }
        row.setdefault("thing_key", f"row:{row['submission_id']}/{row['source_sheet']}/{row['source_row']}")
        complete.append(row)
    return complete


def _write_raw(folder: Path, columns: Mapping[str, str], rows: Sequence[Row]) -> None:
    _write_parquet(folder / "_schema.parquet", columns, [])
    if rows:
        _write_parquet(folder / "batch.parquet", columns, rows)


def _write_parquet(file: Path, columns: Mapping[str, str], rows: Iterable[Row]) -> None:
    """One Parquet file with exactly these columns; a field that no column has is the test's own slip and raises."""
    file.parent.mkdir(parents=True, exist_ok=True)
    written = list(rows)
    unknown = {name for row in written for name in row} - set(columns)
    if unknown:
        raise KeyError(f"{file.name} has no column {', '.join(sorted(unknown))}")
    lines = file.with_suffix(".jsonl")
    lines.write_text("".join(json.dumps(row, default=str) + "\n" for row in written), encoding="utf-8")
    with duckdb.connect() as connection:
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
        connection.execute(
            f"copy (select * from read_json('{lines}', format = 'newline_delimited', columns = {{{types}}})) to '{file}' (format parquet)"
        )
    lines.unlink()


def _write_reference(folder: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """The shipped reference tables, with the given ones in place of theirs (same columns; what a row leaves out is empty)."""
    folder.mkdir(parents=True)
    for shipped in sorted(path for path in REFERENCE.glob("*.csv") if path.name != CONTACTS):
        target = folder / shipped.name
        if shipped.stem not in tables:
            shutil.copyfile(shipped, target)
            continue
        with shipped.open(encoding="utf-8", newline="") as lines:
            columns = next(csv.reader(lines))
        with target.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(tables[shipped.stem])
