"""What is packed in a zip, or attached to a mail: the work of a confined process, since both are made by whoever sends them."""

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from ingest.confinement import CPU_SECONDS, MEMORY, allow
from ingest.mails import Attached, Envelope, reports_in
from ingest.preflight import FileRefused

# All that one zip holds is in memory at once.
MOST_MEMBERS = 10_000
# Unpacking and handing on, in bytes a second: a tenth of what a slow machine does.
_SPEED = 10 * 2**20
# What office programs and systems leave beside the real files.
_LEFT_BEHIND = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


def unpack(content: bytes, name: str, budget: int) -> list[tuple[str, bytes]]:
    """The files in a zip, each with the name of both; none where it cannot be unpacked, which its reading says."""
    try:
        return unzip(content, name, budget)
    except FileRefused:
        return []


def open_mail(content: bytes, envelope: Envelope | None, budget: int) -> list[Attached]:
    """The reports attached to a mail; none where there are none, too much, or it cannot be opened, which its reading says."""
    try:
        reports = reports_in(content, envelope)
    except FileRefused:
        return []
    return reports if sum(len(report.content) for report in reports) <= budget else []


def unzip(content: bytes, name: str, budget: int) -> list[tuple[str, bytes]]:
    """The files in a zip of files that passed the first look: their names, with that of the zip before, and contents.

    Raises:
        FileRefused: If there is nothing in it, more than is read, or it is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [part for part in archive.infolist() if not part.is_dir() and not is_left_behind(_steps(part))]
            total = sum(part.file_size for part in parts)
            if not parts:
                raise FileRefused("file_empty", name=name)
            if len(parts) > MOST_MEMBERS or total > budget:
                raise FileRefused("file_too_large", name=name, limit=f"{budget >> 20} MB")
            # each is there once as it is, and once on its way to the process that asked
            allow(MEMORY + 2 * total, CPU_SECONDS + total / _SPEED)
            return [("/".join((name, *_steps(part))), archive.read(part)) for part in parts]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error


def is_left_behind(steps: tuple[str, ...]) -> bool:
    """Whether a file is what programs and systems leave beside the real ones."""
    return any(step.startswith((".", "~$")) or step.lower() in _LEFT_BEHIND for step in steps)


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
