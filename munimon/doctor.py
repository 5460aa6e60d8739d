"""Whether the installation and a home are sound, and what a killed run left behind is cleaned."""

import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from munimon import __version__
from munimon.locks import HomeBusy, work_alone_in
from munimon.settings import Home, MunimonError, shipped

# What each step imports, and the distribution it comes from.
_NEEDED = {
    "duckdb": "duckdb",
    "dbt.cli": "dbt-core",
    "dbt.adapters.duckdb": "dbt-duckdb",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "great_expectations": "great-expectations",
    "streamlit": "streamlit",
    "plotly": "plotly",
    "python_calamine": "python-calamine",
    "openpyxl": "openpyxl",
    "rapidfuzz": "rapidfuzz",
}
_SHIPPED = ("dbt_project/dbt_project.yml", "data/reference/municipalities.csv", "data/reports")


@dataclass(frozen=True)
class Check:
    """What was looked at, whether it is well, and what there is to say: on a fault, what to do."""

    name: str
    is_well: bool
    says: str


def examine(home: Home) -> list[Check]:
    """Look at the installation and at a home, in the order in which things depend on each other. Nothing that was received or decided is changed."""
    checks: list[tuple[str, Callable[[], str]]] = [
        ("python", _check_python),
        ("libraries", _check_libraries),
        ("shipped files", _check_shipped),
        ("home", lambda: _check_home(home)),
        ("leftovers", lambda: _clean_leftovers(home)),
        ("ledger", lambda: _check_ledger(home)),
        ("originals", lambda: _check_originals(home)),
        ("reference data", lambda: _check_reference(home)),
        ("publication", lambda: _check_publication(home)),
    ]
    return [_run(name, check) for name, check in checks]


def _run(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except HomeBusy as busy:
        return Check(name, True, f"not looked at: {busy}")
    except (MunimonError, OSError) as fault:
        return Check(name, False, " ".join(str(fault).split()))


def _check_python() -> str:
    return f"munimon {__version__} on Python {'.'.join(map(str, sys.version_info[:3]))}"


def _check_libraries() -> str:
    """Ask for versions, and whether the modules can be found; importing them all would take ten seconds."""
    found, missing = [], []
    for module, distribution in _NEEDED.items():
        try:
            is_there = find_spec(module) is not None
            found.append(f"{distribution} {version(distribution)}")
        except (ModuleNotFoundError, PackageNotFoundError):
            is_there = False
        if not is_there:
            missing.append(distribution)
    if missing:
        raise MunimonError(f"{', '.join(missing)} cannot be imported; install munimon again with its locked dependencies")
    return ", ".join(found)


def _check_shipped() -> str:
    missing = [name for name in _SHIPPED if not (shipped() / name).exists()]
    if missing:
        raise MunimonError(f"{shipped()}: {', '.join(missing)} is missing; install munimon again")
    return f"models, reference data and reports in {shipped()}"


def _check_home(home: Home) -> str:
    home.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=home.folder):
        pass
    free = shutil.disk_usage(home.folder).free
    return f"{home.folder} can be written to, {free / 1e9:.1f} GB are free"


def _clean_leftovers(home: Home) -> str:
    """Delete what only a killed run can have left: half-written files, and raw rows of a batch that never reached the ledger."""
    with work_alone_in(home):
        left = sorted([*_find_half_written(home), *_find_unknown_batches(home)])
        for path in left:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    if not left:
        return "none"
    return f"cleaned what a stopped run left: {', '.join(str(path.relative_to(home.folder)) for path in left)}"


def _find_half_written(home: Home) -> Iterator[Path]:
    for folder, folders, files in os.walk(home.folder):
        for name in sorted(folders):
            if ".tmp-" in name:
                folders.remove(name)
                yield Path(folder, name)
        yield from (Path(folder, name) for name in sorted(files) if ".tmp-" in name)


def _find_unknown_batches(home: Home) -> Iterator[Path]:
    known: set[str] = set()
    if home.ledger.exists():
        with _open_ledger(home) as ledger:
            known = {batch_id for (batch_id,) in ledger.execute("select batch_id from batches")}
    for path in sorted(home.raw.glob("*/*.parquet")):
        if path.stem != "_schema" and path.stem not in known:
            yield path


def _check_ledger(home: Home) -> str:
    if not home.ledger.exists():
        return "nothing has been received yet"
    with _open_ledger(home) as ledger:
        faults = [text for (text,) in ledger.execute("pragma integrity_check") if text != "ok"]
        faults += [
            f"a row of {table} refers to one of {parent} that is not there" for table, _, parent, _ in ledger.execute("pragma foreign_key_check")
        ]
        (submissions,) = ledger.execute("select count(*) from submissions").fetchone()
    if faults:
        raise MunimonError(f"{home.ledger}: {faults[0]}; restore it from a backup")
    return f"{submissions} submissions, sound"


def _check_originals(home: Home) -> str:
    """Compare every kept file with the SHA-256 that is its name, and every file of which something was used with those kept."""
    kept = {path.name: path for path in sorted(home.landing.glob("*/*")) if ".tmp-" not in path.name}
    for name, path in kept.items():
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != name:
                raise MunimonError(f"{path}: the original has been changed; restore it from a backup of the landing folder")
    if home.ledger.exists():
        with _open_ledger(home) as ledger:
            # a refused file may be one that is never kept, such as a mail
            receipts = ledger.execute(
                """
                select file_sha256, file_name
                from receipts
                where receipt_id not in (
                    select receipt_id
                    from current_submissions
                    group by receipt_id
                    having min(status) = 'refused' and max(status) = 'refused'
                )
                """
            )
            for sha256, file_name in receipts:
                if sha256 not in kept:
                    raise MunimonError(f"{home.landing}: the original of '{file_name}' ({sha256}) is missing; restore it from a backup")
    return f"{len(kept)} files, all as they were received"


def _check_reference(home: Home) -> str:
    from ingest.registry import Registry

    try:
        Registry.load(home.reference)
    except (LookupError, ValueError) as fault:
        raise MunimonError(f"{home.reference}: cannot be read, {type(fault).__name__}: {fault}; compare it with the shipped one") from fault
    own = "the home's own" if home.reference.is_relative_to(home.folder) else "as shipped"
    return f"{own}, in {home.reference}"


def _check_publication(home: Home) -> str:
    import duckdb

    from publish.connections import connect
    from publish.pointer import NothingPublished, Published

    try:
        build = Published(home.published).current_build()
    except NothingPublished:
        return "nothing is published yet; run `munimon build`"
    try:
        with connect(home) as connection:
            tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
    except duckdb.Error as fault:
        raise MunimonError(f"{home.published / build}: cannot be read, {fault}; run `munimon build`") from fault
    return f"build {build} with {len(tables)} tables"


@contextmanager
def _open_ledger(home: Home) -> Iterator[sqlite3.Connection]:
    """The ledger, only to be read."""
    try:
        with closing(sqlite3.connect(f"{home.ledger.as_uri()}?mode=ro", uri=True, timeout=60)) as connection:
            yield connection
    except sqlite3.Error as fault:
        raise MunimonError(f"{home.ledger}: {fault}; restore it from a backup") from fault
