"""Several reports handed in at once: in a folder, a zip, a mail or a mailbox, and in each other. Each file in it is a file of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.confinement import CallLost, call_confined
from ingest.mails import Envelope, mails_in
from ingest.packed import MOST_MEMBERS, is_left_behind, open_mail, unpack
from ingest.preflight import LARGEST_MAILBOX, FileKind, FileRefused, inspect

# Reports come in zips within zips (a region's zip of its municipalities'), and these in a mail of a mailbox, not deeper.
_DEEPEST = 3
_MAIL = 2
# All that one file holds, with all that is packed in it.
LARGEST_ARCHIVE = LARGEST_MAILBOX


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

    A zip or a mail that is over the limits, locked or damaged comes as one file, whose reading says why it cannot be used. Links in a folder are
    not followed.
    """
    for file in list_files(path):
        yield from files_of(NamedFile(file.name, _read(file)))


def list_files(path: Path) -> list[Path]:
    """The files on the disk at a path, each unopened: the file itself, or those below a folder or in a Maildir, links left out."""
    if path.is_file():
        return [path]
    found = (file for file in sorted(path.rglob("*")) if file.is_file() and not file.is_symlink())
    return [file for file in found if not is_left_behind(file.relative_to(path).parts) and not _is_aside_in_maildir(file)]


def files_of(file: NamedFile, budget: int = LARGEST_ARCHIVE, depth: int = 1) -> Iterator[NamedFile]:
    """A file, or what is packed in it, and in that."""
    kind = _packed_kind(file)
    # the mails around a zip take nothing from the depth of its zips
    is_too_deep = depth > _DEEPEST + (_MAIL if kind in ("mail", "mailbox") or file.envelope else 0)
    members = [] if kind is None or is_too_deep else _members_of(file, kind, budget)
    if not members:
        yield file
        return
    budget -= sum(len(member.content) for member in members)
    for member in members:
        yield from files_of(member, budget, depth + 1)


def _read(path: Path) -> bytes:
    """The content of a file; of one that is larger than any that is read, enough to say so."""
    with path.open("rb") as file:
        return file.read(LARGEST_MAILBOX + 1)


def _packed_kind(file: NamedFile) -> FileKind | None:
    """Which kind of package a file is; None for any other."""
    try:
        kind = inspect(file.content, file.name).kind
    except FileRefused:
        return None
    return kind if kind in ("archive", "mail", "mailbox") else None


def _members_of(file: NamedFile, kind: FileKind, budget: int) -> list[NamedFile]:
    """What is packed in a file; nothing where it cannot be opened: its reading meets the same and says so."""
    if kind == "mailbox":
        mails = mails_in(file.content)
        return [NamedFile(f"{file.name}/{number}", mail, file.envelope) for number, mail in enumerate(mails[:MOST_MEMBERS], start=1)]
    try:
        if kind == "archive":
            members = call_confined(unpack, file.content, file.name, budget)
            return [NamedFile(name, content, file.envelope) for name, content in members]
        reports = call_confined(open_mail, file.content, file.envelope, budget)
    except CallLost:
        return []
    return [NamedFile(report.name, report.content, report.envelope, report.left_out) for report in reports]


def _is_aside_in_maildir(file: Path) -> bool:
    """Whether a Maildir's program keeps it for itself: beside the mails, or a mail that is still being written."""
    folder = file.parent
    is_maildir = all((folder.parent / name).is_dir() for name in ("cur", "new", "tmp"))
    return (is_maildir and folder.name == "tmp") or all((folder / name).is_dir() for name in ("cur", "new", "tmp"))
