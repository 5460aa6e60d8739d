"""Files that are either whole on the disk or not there: what a killed process leaves is a name with ``.tmp-``, never half a file."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Yields a path beside ``target`` to write to; on leaving, it is flushed and takes the target's name in one step.

    If the body raises, nothing is left and the target is as it was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{target.name}.tmp-{secrets.token_hex(4)}")
    try:
        yield aside
        flush(aside)
        aside.replace(target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    flush(target.parent)


def write_whole(target: Path, content: bytes) -> None:
    """Write ``content`` so that ``target`` is either the old file or the whole new one."""
    with whole_file(target) as aside:
        aside.write_bytes(content)


def leftovers(folder: Path) -> list[Path]:
    """What killed runs left behind in ``folder``, at any depth."""
    return sorted(path for path in folder.rglob("*.tmp-*") if path.is_file())
