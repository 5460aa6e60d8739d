"""A build: the ledger exported, dbt run on it and on raw, the result published."""

import fcntl
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ingest.entries import Entry
from ingest.ledger import CONTACTS, Ledger
from ingest.ledger_export import export_ledger
from ingest.raw import ensure_folders
from munimon.last_build import LastBuild, hash_of_inputs
from munimon.results import Progress
from munimon.settings import Home, MunimonError, shipped
from publish.pointer import Published


class BuildFailed(MunimonError):
    """dbt could not build, or what it built did not pass its tests. What was published before stays."""


def run_build(home: Home, full_refresh: bool, progress: Progress) -> Path:
    """Build from raw and ledger as they are now, and publish.

    Args:
        full_refresh: Build everything anew; else what the last build knew is taken over where it still holds.

    Returns:
        The folder of the published build.

    Raises:
        BuildFailed: If a model or a test failed, or another build is under way.
    """
    ensure_folders(home.raw)
    with _only_build(home):
        entry = Entry.now()
        ledger = Ledger(home.ledger)
        version = ledger.record_reference(home.reference, entry)
        # our today: what falls due, begins or ends with time alone does so whether or not anything came in
        ledger.record_build_day(entry)
        entries = ledger.count_entries()
        # the real clock, whatever MUNIMON_NOW says: later builds must sort after earlier ones
        build_file = home.builds / f"{_build_id()}.duckdb"
        # one place for every build, since dbt reads all models anew (3 s) when a path in its environment changes
        inputs = home.builds / "inputs"
        shutil.rmtree(inputs, ignore_errors=True)
        try:
            with _start_dbt(home, inputs) as dbt:
                progress("reading the ledger")
                write_inputs(home, ledger, version, inputs)
                last = LastBuild(home.builds / "last")
                made_of = hash_of_inputs(inputs, home.raw)
                is_anew = full_refresh or not last.take_over(inputs, made_of)
                _run_dbt(dbt, home, is_anew, progress)
            (inputs / "build.duckdb").rename(build_file)
            progress("publishing")
            folder = Published(home.published).publish(build_file)
            last.keep(build_file, inputs, made_of)
            ledger.record_build(folder.name, entries, version, entry)
        finally:
            shutil.rmtree(inputs, ignore_errors=True)
            build_file.unlink(missing_ok=True)
    return folder


def write_inputs(home: Home, ledger: Ledger, reference_version: str, folder: Path) -> None:
    """Write what dbt reads beside raw: the ledger's export and the reference tables."""
    export_ledger(ledger, home.raw, folder / "ledger")
    # a copy, since dbt 1.11 writes each seed's SQL over the seed's own file where the seed path is absolute
    ledger.write_reference(reference_version, folder / "reference")
    _complete_reference(folder / "reference")


def _complete_reference(folder: Path) -> None:
    """Add the shipped tables that a home's own reference data, older than they, do not have."""
    for table in (shipped() / "data" / "reference").glob("*.csv"):
        if table.name != CONTACTS and not (folder / table.name).exists():
            shutil.copyfile(table, folder / table.name)


def _build_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(2)}"


def _start_dbt(home: Home, inputs: Path) -> subprocess.Popen[str]:
    """A process that imports dbt, which takes seconds, while its inputs are being written, and runs it when it is told how."""
    # unit tests prove the models when munimon is made; data tests judge each build
    environment = {
        "DBT_EXCLUDE_RESOURCE_TYPES": "unit_test",
        **os.environ,
        "MUNIMON_RAW": str(home.raw),
        "MUNIMON_LEDGER": str(inputs / "ledger"),
        "MUNIMON_REFERENCE": str(inputs / "reference"),
        "MUNIMON_BUILD_FILE": str(inputs / "build.duckdb"),
        "DO_NOT_TRACK": "1",
    }
    # our own interpreter; where nothing is told, as the ledger could not be read, there is nothing to say either
    waiting = "import sys, json; from dbt.cli.main import cli; told = sys.stdin.readline(); told and cli(json.loads(told))"
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", waiting],
        env=environment,
        cwd=home.builds,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _run_dbt(dbt: subprocess.Popen[str], home: Home, is_anew: bool, progress: Progress) -> None:
    project = str(shipped() / "dbt_project")
    command = ["--no-use-colors", "--log-path", str(home.builds / "logs"), "build"]
    command += ["--project-dir", project, "--profiles-dir", project]
    command += ["--target-path", str(home.builds / "target"), "--log-level-file", "info"]
    command += ["--full-refresh"] if is_anew else ["--selector", "added"]
    assert dbt.stdin is not None  # it was asked for
    # one that could not even be imported says so in what follows
    with suppress(BrokenPipeError):
        dbt.stdin.write(json.dumps(command) + "\n")
        dbt.stdin.close()
    failures = list(_follow(dbt, progress, "building everything anew" if is_anew else "adding what is new"))
    if dbt.wait() != 0:
        reason = "; ".join(failures) or "dbt ended without saying why"
        raise BuildFailed(f"the build failed: {reason}; all that dbt said is in {home.builds / 'logs' / 'dbt.log'}")


def _follow(process: subprocess.Popen[str], progress: Progress, stage: str) -> Iterator[str]:
    """Tell the progress of a running dbt, and yield what failed."""
    assert process.stdout is not None  # it was asked for
    for line in process.stdout:
        if done := re.search(r"(\d+) of (\d+) (?:OK|PASS|WARN|SKIP)", line):
            progress(f"{stage} and checking", int(done[1]), int(done[2]))
        elif failed := re.search(r"\d+ of \d+ (?:ERROR|FAIL)\S*\s*(.*?)\s*\.*\s*\[", line):
            yield failed[1].strip(" .")
        elif "Error" in line and "of" not in line:
            yield " ".join(line.split())


@contextmanager
def _only_build(home: Home) -> Iterator[None]:
    """DuckDB has one writer: a second build at the same time is told so instead of waiting unseen."""
    home.builds.mkdir(parents=True, exist_ok=True)
    with (home.builds / "LOCK").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildFailed(f"{home.builds}: another build is under way; wait for it to end") from None
        yield
