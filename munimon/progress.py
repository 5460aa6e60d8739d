"""Progress of long work: shown on a terminal, silent in a pipe."""

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from munimon.results import Progress, keep_quiet


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Yields what long work tells its steps to; they are drawn on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield keep_quiet
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        MofNCompleteColumn(),
        TextColumn("{task.fields[found]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None, found="")

        def draw(step: str, done: int = 0, total: int = 0, found: str = "") -> None:
            bar.update(task, description=step, completed=done, total=total or None, found=found)

        yield draw


@dataclass
class Tally:
    """Counts what was done of many files, by many threads, and tells it as progress.

    ``total`` gives how many files there are, as far as it is known by now; 0 where it is not.
    """

    progress: Progress
    total: Callable[[], int]
    files: int = 0
    rows: int = 0
    findings: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, files: int = 0, rows: int = 0, findings: int = 0) -> None:
        """Count what was done since."""
        with self._lock:
            self.files += files
            self.rows += rows
            self.findings += findings
            total = self.total()
            step = "judging and recording" if self.files >= total > 0 else "reading the files"
            self.progress(step, self.files, total, f"{self.rows:,} rows, {self.findings:,} findings")
