"""Several reports handed in at once: in a folder, a zip, a mail or a mailbox, and in each other. Each file in it is a file of its own."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ingest.mails import Envelope, mails_in, reports_in
from ingest.preflight import FileRefused, inspect, mail_kind

# Reports come in zips within zips (a region's zip of its municipalities'), and these in a mail of a mailbox, not deeper.
_DEEPEST = 3
_MAIL = 2
# All that one zip holds is in memory at once.
LARGEST_ARCHIVE = 256 * 2**20
MOST_MEMBERS = 10_000
# What office programs and systems leave beside the real files.
_LEFT_BEHIND = frozenset({"__macosx", "thumbs.db", "desktop.ini"})


@dataclass(frozen=True)
class NamedFile:
    """A file as it was handed in. ``name`` tells people which one it is; it is never used as a path.

    ``envelope`` is that of the mail it came in, and ``left_out`` names what was attached beside it and cannot be read.
    """

    name: str
    content: bytes
    envelope: Envelope | None = None
    left_out: tuple[str, ...] = ()


def files_in(path: Path) -> Iterator[NamedFile]:
    """The files at a path: the file itself, those below a folder or in a Maildir, those in a zip, those attached to mails.

    A zip or a mail that is over the limits, locked or damaged comes as one file, whose reading says why it cannot be used.
    """
    if path.is_file():
        yield from files_of(NamedFile(path.name, path.read_bytes()))
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and not _is_left_behind(file.relative_to(path).parts) and not _is_aside_in_maildir(file):
            yield from files_of(NamedFile(file.name, file.read_bytes()))


def files_of(file: NamedFile, budget: int = LARGEST_ARCHIVE, depth: int = 1) -> Iterator[NamedFile]:
    kind = mail_kind(file.content)
    # the mails around a zip take nothing from the depth of its zips
    if depth > _DEEPEST + (_MAIL if kind or file.envelope else 0):
        members = []
    else:
        members = _members_of_mail(file, budget) if kind == "mail" else _members_of_mailbox(file) if kind else _members_of(file, budget)
    if not members:
        yield file
        return
    budget -= sum(len(member.content) for member in members)
    for member in members:
        yield from files_of(member, budget, depth + 1)


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
            return [NamedFile("/".join((file.name, *_steps(part))), archive.read(part), file.envelope) for part in parts]
    except (FileRefused, zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, OSError, EOFError, ValueError):
        # not passed over: the reading of the zip itself meets the same and says so
        return []


def _members_of_mail(file: NamedFile, budget: int) -> list[NamedFile]:
    """The reports attached to a mail, by the names their sender gave them; none where there are none, or too much."""
    try:
        reports = reports_in(file.content, file.envelope)
    except FileRefused:
        return []
    if sum(len(report.content) for report in reports) > budget:
        return []
    return [NamedFile(report.name, report.content, report.envelope, report.left_out) for report in reports]


def _members_of_mailbox(file: NamedFile) -> list[NamedFile]:
    mails = mails_in(file.content)
    return [NamedFile(f"{file.name}/{number}", mail, file.envelope) for number, mail in enumerate(mails[:MOST_MEMBERS], start=1)]


def _is_aside_in_maildir(file: Path) -> bool:
    """Whether a Maildir's program keeps it for itself: beside the mails, or a mail that is still being written."""
    folder = file.parent
    is_maildir = all((folder.parent / name).is_dir() for name in ("cur", "new", "tmp"))
    return (is_maildir and folder.name == "tmp") or all((folder / name).is_dir() for name in ("cur", "new", "tmp"))


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
