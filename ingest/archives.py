"""Several reports handed in at once: a folder, or a zip with folders and further zips in it. Each file in it is a file of its own."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.preflight import FileRefused, inspect

# Reports come in zips within zips (a region's zip of its municipalities'), not deeper.
_DEEPEST_ZIP = 3
# All that one zip holds is in memory at once.
LARGEST_ARCHIVE = 256 * 2**20
MOST_MEMBERS = 10_000
# What office programs and systems leave beside the real files.
_LEFT_BEHIND = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class NamedFile:
    """A file as it was handed in. ``name`` tells people which one it is; it is never used as a path."""

    name: str
    content: bytes


def files_in(path: Path) -> Iterator[NamedFile]:
    """The files at a path: the file itself, those below a folder, those in a zip.

    A zip that is over the limits, locked or damaged comes as one file, whose reading says why it cannot be used.
    """
    if path.is_file():
        yield from _unpacked(NamedFile(path.name, path.read_bytes()), LARGEST_ARCHIVE)
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not _is_left_behind(file.relative_to(path).parts):
            yield from _unpacked(NamedFile(file.name, file.read_bytes()), LARGEST_ARCHIVE)


def _unpacked(file: NamedFile, budget: int, depth: int = 1) -> Iterator[NamedFile]:
    members = _members_of(file, budget) if depth <= _DEEPEST_ZIP else []
    if not members:
        yield file
        return
    budget -= sum(len(member.content) for member in members)
    for member in members:
        yield from _unpacked(member, budget, depth + 1)


def _members_of(file: NamedFile, budget: int) -> list[NamedFile]:
    """The files in a zip; none where the file is no zip of files, or cannot be unpacked."""
    if not file.content.startswith(b"PK\x03\x04"):
        return []
    try:
        if inspect(file.content, file.name).kind != "archive":
            return []
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir() and not _is_left_behind(_steps(part))]
            if len(parts) > MOST_MEMBERS or sum(part.file_size for part in parts) > budget:
                return []
            return [NamedFile("/".join((file.name, *_steps(part))), archive.read(part)) for part in parts]
    except (FileRefused, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError):
        # not passed over: the reading of the zip itself meets the same and says so
        return []


def _steps(part: zipfile.ZipInfo) -> tuple[str, ...]:
    """A member's name without what would lead out of its folder."""
    return tuple(step for step in PurePosixPath(_name_of(part).replace("\\", "/")).parts if step not in ("/", "..", "."))


def _name_of(part: zipfile.ZipInfo) -> str:
    # bit 11 says that the name is UTF-8; without it Windows wrote it in the code page of its consoles
    if part.flag_bits & 0x800:
        return part.filename
    written = part.filename.encode("cp437")
    try:
        return written.decode("utf-8")
    except UnicodeDecodeError:
        return written.decode("cp852")


def _is_left_behind(steps: tuple[str, ...]) -> bool:
    return any(step.startswith((".", "~$")) or step.lower() in _LEFT_BEHIND for step in steps)
