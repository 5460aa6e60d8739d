"""What a workbook costs: munimon's whole ingest beside the limit (reading the cells and doing nothing) and beside what people use today.

Each way runs in a process of its own on few and on many of the same workbooks, the limit and munimon on most of them too. The difference divided by
the number of further workbooks is the cost of one, by the clock and in seconds of CPU, which other work on the machine disturbs less; what is left of
the smallest run is start-up. ``make benchmark-ingest`` prints the tables for docs/benchmarks.md.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks.workbooks import ROWS, SECTIONS, write_workbooks

Way = Callable[[Sequence[Path], Path], None]


@dataclass(frozen=True)
class Run:
    """One way on so many workbooks: seconds by the clock and of CPU, and the greatest memory of all its processes together in MB."""

    workbooks: int
    seconds: float
    cpu_seconds: float
    peak: float


@dataclass(frozen=True)
class Step:
    """What each further workbook costs from one number of them to another, in milliseconds by the clock and of CPU."""

    few: int
    many: int
    clock: float
    cpu: float

    @classmethod
    def between(cls, short: Run, long: Run) -> "Step":
        """The cost of what the longer run did beyond the shorter one."""
        further = (long.workbooks - short.workbooks) / 1000
        clock, cpu = (long.seconds - short.seconds) / further, (long.cpu_seconds - short.cpu_seconds) / further
        return cls(short.workbooks, long.workbooks, clock, cpu)


@dataclass(frozen=True)
class Cost:
    """Of one way: what each further workbook costs, step by step, and seconds of start-up by the clock, and its peak in MB."""

    way: str
    steps: tuple[Step, ...]
    start: float
    peak: float

    @classmethod
    def of(cls, way: str, runs: Sequence[Run]) -> "Cost":
        """The cost of a way from its runs, the shortest first."""
        steps = tuple(Step.between(short, long) for short, long in pairwise(runs))
        return cls(way, steps, runs[0].seconds - steps[0].clock * runs[0].workbooks / 1000, max(run.peak for run in runs))


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


LIMIT, OURS = "calamine, cells read and nothing done (the limit)", "munimon ingest, everything"
WAYS: dict[str, Way] = {
    LIMIT: read_and_do_nothing,
    OURS: ingest_with_munimon,
    "pandas + openpyxl into DuckDB": load_with_pandas,
    "dlt into DuckDB": load_with_dlt,
}


def main() -> None:
    """Run all ways, or, as a child, one way once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--most", type=int, default=2000, help="for the limit and munimon alone")
    parser.add_argument("--only-ours", action="store_true", help="the limit and munimon, without what others use")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--way")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.way:
        WAYS[options.way](sorted(options.folder.glob("*.xlsx")), options.out)
        return
    with tempfile.TemporaryDirectory() as folder:
        counts = (options.few, options.many, options.most)
        for count in counts:
            write_workbooks(Path(folder) / str(count), count)
        ways = [way for way in WAYS if way in (LIMIT, OURS) or not options.only_ours]
        print(as_table([measure(way, Path(folder), counts if way in (LIMIT, OURS) else counts[:2]) for way in ways]))


def measure(way: str, folder: Path, counts: Sequence[int]) -> Cost:
    """Run one way on each of these numbers of workbooks, the smallest first; those of a number stand in a folder called so."""
    return Cost.of(way, [run(way, folder / str(count), count) for count in counts])


def run(way: str, folder: Path, count: int) -> Run:
    """One run in a fresh process."""
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "benchmarks.ingest", "--way", way, "--folder", str(folder), "--out", out]
        before, began = _cpu_seconds(), time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # our own module
        memory = _Memory(process.pid)
        memory.start()
        if process.wait():
            raise RuntimeError(f"{way}: ended with status {process.returncode}")
        seconds = time.perf_counter() - began
        memory.join()
    return Run(count, seconds, _cpu_seconds() - before, memory.peak)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Memory(threading.Thread):
    """Watches what a process and all below it hold together, in MB; what several share is counted once."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self._process = process
        self.peak = 0.0

    def run(self) -> None:
        while held := sum(map(_held_by, _tree(self._process))):
            self.peak = max(self.peak, held)
            time.sleep(0.2)


def _tree(process: int) -> Iterator[int]:
    yield process
    # a process is listed with the thread that started it
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = listed.read_text(encoding="ascii").split()
        except OSError:
            continue
        for child in children:
            yield from _tree(int(child))


def _held_by(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def as_table(costs: Sequence[Cost]) -> str:
    """A Markdown table, each cost also as a multiple of the limit, a row for each step of a way."""
    limits = {(step.few, step.many): step for step in costs[0].steps}
    lines = [
        "| way | workbooks | ms each | × limit | CPU ms each | × limit | start-up, s | peak of all processes, MB |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for cost in costs:
        for number, step in enumerate(cost.steps):
            limit = limits[step.few, step.many]
            once = (f"{cost.start:.1f}", f"{cost.peak:.0f}") if number == 0 else ("", "")
            figures = (f"{step.clock:.1f}", f"{step.clock / limit.clock:.1f}", f"{step.cpu:.1f}", f"{step.cpu / limit.cpu:.1f}", *once)
            lines.append(f"| {' | '.join((cost.way, f'{step.few:,} → {step.many:,}', *figures))} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
