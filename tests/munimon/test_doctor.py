"""The doctor: what is sound, what is not, and what a killed run left."""

import hashlib
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from munimon import doctor
from munimon.locks import work_in
from munimon.settings import Home
from publish.pointer import Published
from tests.munimon.commands import ROOT, run_munimon

ORIGINAL = b"municipality,engaged_persons\nKru\xc5\xa1evac,32\n"
SHA256 = hashlib.sha256(ORIGINAL).hexdigest()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A sound home: one original, one receipt, one batch, one published build."""
    home = Home(tmp_path / "home")
    original = home.landing / SHA256[:2] / SHA256
    original.parent.mkdir(parents=True)
    original.write_bytes(ORIGINAL)
    with sqlite3.connect(home.ledger) as ledger:
        ledger.executescript((ROOT / "ingest" / "ledger.sql").read_text(encoding="utf-8"))
        # Only what the doctor compares; which reference a batch was read with is none of its business.
        ledger.execute("pragma foreign_keys = off")
        insert(ledger, "receipts", receipt_id="r1", file_sha256=SHA256, file_name="report.csv")
    (home.raw / "engagements").mkdir(parents=True)
    (home.raw / "engagements" / "_schema.parquet").write_bytes(b"")
    build = tmp_path / "build-0.duckdb"
    with duckdb.connect(str(build)) as connection:
        connection.execute("create schema marts; create table marts.figures as select 1 as figure")
    Published(home.published).publish(build)
    return home


def insert(ledger: sqlite3.Connection, table: str, **values: object) -> None:
    """Insert a row; columns that must have a value and get none here get an empty one."""
    for _, column, kind, is_needed, default, _ in ledger.execute(f"pragma table_info({table})").fetchall():
        if is_needed and default is None:
            values.setdefault(column, 0 if kind.lower() == "integer" else "")
    ledger.execute(f"insert into {table} ({', '.join(values)}) values ({', '.join('?' * len(values))})", list(values.values()))


def examine(home: Home) -> dict[str, tuple[bool, str]]:
    return {check.name: (check.is_well, check.says) for check in doctor.examine(home)}


def test_a_sound_home_is_well_and_left_as_it_was(home: Home) -> None:
    before = sorted(path for path in home.folder.rglob("*") if "ledger.sqlite-" not in path.name)
    checks = examine(home)
    assert {name for name, (is_well, _) in checks.items() if not is_well} == set()
    assert checks["ledger"] == (True, "0 submissions, sound")
    assert checks["originals"] == (True, "1 files, all as they were received")
    assert checks["leftovers"] == (True, "none")
    assert checks["reference data"] == (True, f"as shipped, in {ROOT / 'data' / 'reference'}")
    assert checks["publication"] == (True, "build build-0 with 1 tables")
    after = sorted(path for path in home.folder.rglob("*") if "ledger.sqlite-" not in path.name)
    assert after == sorted([*before, home.folder / "at-work.lock"])


def test_a_new_home_is_well(tmp_path: Path) -> None:
    checks = examine(Home(tmp_path / "new"))
    assert all(is_well for is_well, _ in checks.values())
    assert checks["ledger"] == (True, "nothing has been received yet")
    assert checks["publication"] == (True, "nothing is published yet; run `munimon build`")


def test_what_a_killed_run_left_is_cleaned_and_no_fault(home: Home) -> None:
    with sqlite3.connect(home.ledger) as ledger:
        insert(ledger, "batches", batch_id="known")
    left = [
        home.raw / "engagements" / "unknown.parquet",
        home.raw / "engagements" / "known.parquet.tmp-1",
        home.landing / "ab" / "abc.tmp-2",
        home.published / "build-1.tmp-3" / "coordinator.duckdb",
    ]
    kept = home.raw / "engagements" / "known.parquet"
    for path in (*left, kept):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")

    is_well, says = examine(home)["leftovers"]
    assert is_well
    assert says.removeprefix("cleaned what a stopped run left: ").split(", ") == [
        "landing/ab/abc.tmp-2",
        "published/build-1.tmp-3",
        "raw/engagements/known.parquet.tmp-1",
        "raw/engagements/unknown.parquet",
    ]
    assert [path for path in left if path.exists()] == []
    assert kept.exists()
    assert examine(home)["leftovers"] == (True, "none")


def test_beside_somebody_at_work_nothing_is_cleaned(home: Home) -> None:
    being_written = home.raw / "engagements" / "unknown.parquet"
    being_written.write_bytes(b"half")
    with work_in(home):
        is_well, says = examine(home)["leftovers"]
    assert (is_well, says) == (True, f"not looked at: {home.folder}: another munimon is at work here; try again when it is done")
    assert being_written.exists()


def test_a_killed_process_holds_no_claim(home: Home) -> None:
    code = f"""
from pathlib import Path; from munimon.settings import Home; from munimon.locks import work_in
with work_in(Home(Path({str(home.folder)!r}))): print("at work", flush=True); input()
"""
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "at work\n"
        assert examine(home)["leftovers"][1].startswith("not looked at")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert examine(home)["leftovers"] == (True, "none")


def test_a_changed_original_is_a_fault(home: Home) -> None:
    path = home.landing / SHA256[:2] / SHA256
    path.write_bytes(ORIGINAL + b"x")
    assert examine(home)["originals"] == (False, f"{path}: the original has been changed; restore it from a backup of the landing folder")


def test_a_missing_original_is_a_fault(home: Home) -> None:
    shutil.rmtree(home.landing)
    assert examine(home)["originals"] == (False, f"{home.landing}: the original of 'report.csv' ({SHA256}) is missing; restore it from a backup")


def test_a_damaged_ledger_is_a_fault(home: Home) -> None:
    home.ledger.write_bytes(b"SQLite format 3\0" + b"\1" * 5000)
    is_well, says = examine(home)["ledger"]
    assert not is_well
    assert says.startswith(f"{home.ledger}: ") and says.endswith("; restore it from a backup")


def test_a_pointer_to_nothing_is_a_fault(home: Home) -> None:
    shutil.rmtree(home.published / "build-0")
    is_well, says = examine(home)["publication"]
    assert (is_well, says) == (
        False,
        f"{home.published}/build-0/coordinator.duckdb: CURRENT names this build, but it is not there; run `munimon build`",
    )


def test_a_damaged_publication_is_a_fault(home: Home) -> None:
    (home.published / "build-0" / "coordinator.duckdb").write_bytes(b"no database")
    is_well, says = examine(home)["publication"]
    assert not is_well
    assert says.startswith(f"{home.published}/build-0: cannot be read, ") and says.endswith("; run `munimon build`")


def test_reference_data_that_cannot_be_read_is_a_fault(home: Home) -> None:
    shutil.copytree(ROOT / "data" / "reference", home.folder / "reference")
    (home.folder / "reference" / "municipalities.csv").write_text("a,b\n1,2\n")
    is_well, says = examine(home)["reference data"]
    assert not is_well
    assert says.startswith(f"{home.folder}/reference: cannot be read, ")


def test_the_command_ends_with_one_on_a_fault_and_names_it(home: Home) -> None:
    assert run_munimon("doctor", home=home.folder).returncode == 0
    shutil.rmtree(home.landing)
    result = run_munimon("doctor", "--json", home=home.folder)
    assert result.returncode == 1
    assert [check["name"] for check in json.loads(result.stdout)["checks"] if not check["is_well"]] == ["originals"]
