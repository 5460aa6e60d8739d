"""What a workbook costs: munimon's whole ingest beside the limit (reading the cells and doing nothing) and beside what people use today.

Each way runs in a process of its own, once on few and once on many of the same workbooks. The difference divided by the number of further
workbooks is the cost of one; what is left of the smaller run is start-up. ``make benchmark-ingest`` writes the table to docs/.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.workbooks import ROWS, SECTIONS, write_workbooks

Way = Callable[[Sequence[Path], Path], None]


@dataclass(frozen=True)
class Cost:
    """Of one way: milliseconds of wall clock per workbook and at start, and peak memory in MB of the largest of its processes."""

    way: str
    per_workbook: float
    start: float
    peak: float


def read_and_do_nothing(paths: Sequence[Path], _: Path) -> None:
    """The limit: every cell through calamine, in one process."""
    from python_calamine import CalamineWorkbook

    for path in paths:
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def ingest_with_munimon(paths: Sequence[Path], out: Path) -> None:
    """Landing, ledger, reading, interpreting, checking, raw Parquet: all that ``munimon ingest`` does."""
    from munimon import pipeline
    from munimon.results import IngestOptions
    from munimon.settings import Home

    outcome = pipeline.ingest(Home(out / "home"), paths, IngestOptions())
    rows = sum(submission.accepted_rows for submission in outcome.submissions)
    if rows != len(paths) * len(SECTIONS) * ROWS:
        raise RuntimeError(f"{rows} rows went in")


def load_with_pandas(paths: Sequence[Path], out: Path) -> None:
    """The usual script: pandas with openpyxl, each sheet appended to a DuckDB table as text."""
    import duckdb
    import pandas as pd

    with duckdb.connect(str(out / "pandas.duckdb")) as connection:
        for path in paths:
            for name, frame in pd.read_excel(path, sheet_name=None, dtype=str, engine="openpyxl").items():
                connection.register("frame", frame)
                connection.execute(f'create table if not exists "{name}" as select * from frame limit 0')
                connection.execute(f'insert into "{name}" select * from frame')
                connection.unregister("frame")


def load_with_dlt(paths: Sequence[Path], out: Path) -> None:
    """dlt's pipeline into DuckDB, reading with pandas and openpyxl as its own Excel example does."""
    import dlt
    import pandas as pd

    def sheets(name: str) -> list[dict[Hashable, object]]:
        return [row for path in paths for row in pd.read_excel(path, sheet_name=name, engine="openpyxl").to_dict("records")]

    names = pd.ExcelFile(paths[0]).sheet_names[1:]
    load = dlt.pipeline("benchmark", destination=dlt.destinations.duckdb(str(out / "dlt.duckdb")), pipelines_dir=str(out / "dlt"))
    load.run([dlt.resource(sheets(str(name)), name=str(name)) for name in names])


WAYS: dict[str, Way] = {
    "calamine, cells read and nothing done (the limit)": read_and_do_nothing,
    "munimon ingest, everything": ingest_with_munimon,
    "pandas + openpyxl into DuckDB": load_with_pandas,
    "dlt into DuckDB": load_with_dlt,
}


def main() -> None:
    """Run all ways, or, as a child, one way once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--way")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.way:
        WAYS[options.way](sorted(options.folder.glob("*.xlsx")), options.out)
        print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024, file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        for count in (options.few, options.many):
            write_workbooks(Path(folder) / str(count), count)
        print(as_table([measure(way, Path(folder), options.few, options.many) for way in WAYS]))


def measure(way: str, folder: Path, few: int, many: int) -> Cost:
    """Run one way on few and on many workbooks."""
    (short, _), (long, peak) = (run(way, folder / str(count)) for count in (few, many))
    per_workbook = (long - short) / (many - few)
    return Cost(way, per_workbook * 1000, (short - per_workbook * few) * 1000, peak)


def run(way: str, folder: Path) -> tuple[float, float]:
    """Seconds of wall clock, and MB of memory of the largest process, of one run in a fresh process."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "benchmarks.ingest", "--way", way, "--folder", str(folder), "--out", out]
        began = time.perf_counter()
        done = subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        seconds = time.perf_counter() - began
    return seconds, float(done.stderr.split()[-1])


def as_table(costs: Sequence[Cost]) -> str:
    """A Markdown table, each cost also as a multiple of the limit."""
    limit = costs[0].per_workbook
    lines = ["| way | ms per workbook | × limit | start-up, s | peak of the largest process, MB |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += [
        f"| {cost.way} | {cost.per_workbook:.1f} | {cost.per_workbook / limit:.1f} | {cost.start / 1000:.1f} | {cost.peak:.0f} |" for cost in costs
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
