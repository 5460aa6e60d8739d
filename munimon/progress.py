"""Progress of long work: shown on a terminal, silent in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from munimon.results import Progress, keep_quiet


@contextmanager
def show_progress() -> Iterator[Progress]:
    """Yields what long work tells its steps to; they are drawn on standard error where that is a terminal."""
    if not sys.stderr.isatty():
        yield keep_quiet
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def draw(step: str, done: int = 0, total: int = 0) -> None:
            bar.update(task, description=step, completed=done, total=total or None)

        yield draw
