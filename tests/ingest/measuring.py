"""What it takes to handle a file as ingest does: the greatest memory of any process that opens or reads it, and their CPU time."""

import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from ingest import confinement
from ingest.archives import NamedFile, files_of
from ingest.confinement import call_confined
from ingest.entries import Receipt
from ingest.interpret import Draft
from ingest.reading import Known, Readings, await_drafts, read_and_interpret
from munimon.progress import Tally
from munimon.results import keep_quiet

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
# How often processes are looked at; one that ends by itself leaves no trace of its last moments.
_EVERY = 0.005


@dataclass
class Taken:
    """What became of each file that was packed in one, the greatest memory of a process in MB, and CPU time in seconds."""

    drafts: list[Draft] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    memory: float = 0.0
    seconds: float = 0.0


def take_in(name: str, content: bytes) -> Taken:
    """Open and read a file, in processes that have loaded beforehand what each loads once."""
    call_confined(get_ready)
    taken = Taken()
    watch = _Watch()
    with Readings(Tally(keep_quiet, lambda: 0)) as readings:
        for file in files_of(NamedFile(name, content)):
            (drafts,) = await_drafts(readings.begin(known(), [(file.content, receipt_of(file.name), 0)]))
            taken.drafts += drafts
            taken.rules += [drafts[0].findings[0].rule] if drafts[0].is_refused else []
    taken.memory, taken.seconds = watch.end()
    return taken


@cache
def known() -> Known:
    """The shipped reference tables, without decisions of anybody."""
    return Known(REFERENCE, "measured", (), frozenset())


def get_ready() -> None:
    """Loads what a process that reads files loads once, by reading a little one."""
    read_and_interpret(known(), b"a;b\n1;2\n", receipt_of("r.csv"), 0)


def has_loaded_pandas() -> bool:
    """Whether a process that has read rows has loaded pandas."""
    read_and_interpret(known(), b"engagement_ref;engaged_persons\nE-1;3\n", receipt_of("r.csv"), 0)
    return "pandas" in sys.modules


def receipt_of(name: str) -> Receipt:
    """A file as it is handed in, with options that say what it is about."""
    return Receipt("0" * 64, name, datetime(2024, 4, 1, tzinfo=UTC), municipality="70670", programme="SAMPLE", period="2024-Q1")


class _Watch:
    """Looks at all confined processes until told to end. The system keeps the greatest memory of a living one itself."""

    def __init__(self) -> None:
        self._before = {}
        for process in confinement._started:
            pid = process._process.pid
            # from here on its greatest memory counts anew
            Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
            self._before[pid] = _cpu(pid)
        self._seconds: dict[int, float] = {}
        self._memory = 0.0
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def end(self) -> tuple[float, float]:
        """The greatest memory in MB and the CPU time in seconds."""
        self._is_over.set()
        self._thread.join()
        self._take()
        return self._memory, sum(seconds - self._before.get(pid, 0) for pid, seconds in self._seconds.items())

    def _look(self) -> None:
        while not self._is_over.wait(_EVERY):
            self._take()

    def _take(self) -> None:
        for process in list(confinement._started):
            pid = process._process.pid
            try:
                status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
                self._seconds[pid] = max(self._seconds.get(pid, 0), _cpu(pid))
            except (OSError, IndexError):
                continue
            if "VmHWM:" in status:
                self._memory = max(self._memory, int(status.split("VmHWM:")[1].split()[0]) / 1024)


def _cpu(pid: int) -> float:
    # user and system time in hundredths of a second, after the name in brackets
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
