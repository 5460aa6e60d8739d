"""What a long run of the fuzzer writes down: how many cases each property had, what became of files, and the files that deserve a look."""

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

# The folder of a long run; unset in the short one.
FOLDER = os.environ.get("MUNIMON_FUZZ_RECORD")
IS_LONG = bool(FOLDER)

_counts: Counter[str] = Counter()


def count(what: str) -> None:
    """Count a case, or what became of it."""
    _counts[what] += 1


@contextlib.contextmanager
def keep(content: bytes, name: str) -> Iterator[Callable[[str], None]]:
    """Takes what became of a file; one that was lost to a limit, or that failed, is written to the folder of the run."""

    def take(outcome: str) -> None:
        kind = name.rpartition(".")[2]
        count(f"{kind}: {outcome}")
        if FOLDER and outcome in ("lost: time", "lost: memory"):
            _write(content, outcome.removeprefix("lost: "))

    try:
        yield take
    except BaseException:
        if FOLDER:
            _write(content, "failed")
        raise


def write_counts() -> None:
    """Write the counts of this process beside those of the others."""
    if FOLDER:
        (Path(FOLDER) / f"{os.getpid()}.json").write_text(json.dumps(_counts), encoding="utf-8")


def read_counts(folder: Path) -> Counter[str]:
    """The counts of all processes of a run."""
    total: Counter[str] = Counter()
    for path in folder.glob("*.json"):
        total.update(json.loads(path.read_text(encoding="utf-8")))
    return total


def _write(content: bytes, why: str) -> None:
    (Path(FOLDER or ".") / f"{why}-{hashlib.sha256(content).hexdigest()[:12]}.bin").write_bytes(content)
