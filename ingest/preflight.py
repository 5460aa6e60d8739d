"""A look at a file before any parser sees it: what kind it really is, and whether it is safe to open."""

import io
import zipfile
from dataclasses import dataclass
from typing import Literal

FileKind = Literal["spreadsheet", "text"]

# An honest report of 100,000 rows x 15 columns unpacks to about 120 MB; a bomb to gigabytes.
LARGEST_FILE = 64 * 2**20
LARGEST_UNPACKED = 512 * 2**20
LARGEST_RATIO = 200

_COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
# how the names of the two streams of an encrypted Office file stand in a compound file
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class FileRefused(Exception):
    """A file that cannot be used at all: ``rule`` and ``params`` say why, in the words of the catalogue of findings."""

    def __init__(self, rule: str, **params: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.params = params


@dataclass(frozen=True)
class Preflight:
    """What a file is, by its content alone."""

    kind: FileKind


def inspect(content: bytes, name: str) -> Preflight:
    """Tell what a file is by its content, never by its name.

    Raises:
        FileRefused: If it is empty, too large, protected by a password, broken or of no kind that is read.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise FileRefused("file_empty", name=name)
    if len(content) > LARGEST_FILE:
        raise FileRefused("file_too_large", name=name, limit=f"{LARGEST_FILE >> 20} MB")
    if content.startswith(b"PK\x03\x04"):
        _inspect_zip(content, name)
        return Preflight("spreadsheet")
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise FileRefused("file_encrypted", name=name)
        return Preflight("spreadsheet")
    # UTF-16 text has zero bytes at every other place; any other zero byte means that this is no text
    if b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FileRefused("file_type_unknown", name=name)
    return Preflight("text")


def _inspect_zip(content: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error
    if any(part.flag_bits & 1 for part in parts):
        raise FileRefused("file_encrypted", name=name)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or any(part.file_size > LARGEST_RATIO * max(part.compress_size, 2**16) for part in parts):
        raise FileRefused("file_too_large", name=name, limit=f"{LARGEST_UNPACKED >> 20} MB")
    names = {part.filename for part in parts}
    if not names & {"[Content_Types].xml", "content.xml"}:
        raise FileRefused("file_type_unknown", name=name)
