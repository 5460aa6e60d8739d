"""A look at a file before any parser sees it: what kind it really is, and whether it is safe to open."""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import IO, Any, Literal

from ingest.encodings import utf16_without_mark
from ingest.findings import Finding, severity_of

FileKind = Literal["xlsx", "xlsb", "xls", "ods", "text", "archive", "mail", "mailbox"]

# An honest report of 100,000 rows x 15 columns unpacks to about 120 MB, in an ods to 300 MB; a bomb to gigabytes.
LARGEST_FILE = 64 * 2**20
LARGEST_MAILBOX = 256 * 2**20
LARGEST_UNPACKED = 512 * 2**20
# Of what was unpacked so much is kept for whoever looks next: the whole of a usual report, little beside a large one.
_UNPACKED_KEPT = 4 * 2**20
# Each entry of a zip's directory takes memory before anything is unpacked.
_MOST_ENTRIES = 20_000
_ENTRY = b"PK\x01\x02"
# What office programs pack with; other ways may ask for gigabytes of memory to unpack a few bytes.
_PACKED_BY = frozenset((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))

COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
# how the names of the two streams of an encrypted Office file stand in a compound file
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# The streams of a workbook in a compound file; a Word document has neither.
_WORKBOOK_STREAMS = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
# The stream of properties that every message of Outlook has, and how a winmail.dat begins.
_MESSAGE_STREAM = "__properties_version1.0".encode("utf-16-le")
_WINMAIL = bytes.fromhex("789F3E22")
# A mail has a line that only programs write, and one that people know; a table may begin with "Date: …" too.
_BY_PROGRAMS = frozenset((b"message-id", b"mime-version", b"received", b"return-path", b"x-unsent"))
_BY_PEOPLE = frozenset((b"from", b"to", b"date", b"subject"))
_HEADER_NAME = re.compile(rb"[!-9;-~]+")
_LONGEST_HEAD = 2**16
# PDF, RTF, pictures, and web pages that some systems call .xls: none of them is a table of text.
_NO_TABLE = re.compile(
    rb"\s*(?:%PDF|\{\\rtf|\x89PNG|\xff\xd8\xff|GIF8|Rar!|7z\xbc\xaf|<(?:!DOCTYPE|html|head|body|table|meta|\?xml|style|div))", re.IGNORECASE
)

_KINDS_BY_SUFFIX: dict[str, FileKind | None] = {
    **dict.fromkeys((".xlsx", ".xlsm", ".xltx", ".xltm"), "xlsx"),
    **dict.fromkeys((".xls", ".xlt"), "xls"),
    **dict.fromkeys((".ods", ".ots"), "ods"),
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".ssv", ".prn"), "text"),
    ".xlsb": "xlsb",
    ".zip": "archive",
    **dict.fromkeys((".eml", ".msg"), "mail"),
    ".mbox": "mailbox",
    # read where they hold a table all the same
    **dict.fromkeys((".pdf", ".doc", ".docx", ".odt", ".htm", ".html", ".xml", ".json", ".rtf"), None),
}


class FileRefused(Exception):
    """A file that cannot be used at all: ``rule`` and ``params`` say why, in the words of the catalogue; ``beside`` is what else was found in it."""

    def __init__(self, rule: str, beside: Sequence[Finding] = (), **params: object) -> None:
        super().__init__(rule)
        self.rule = rule
        self.beside = tuple(beside)
        self.params = params


class Package(zipfile.ZipFile):
    """A file that is a zip. Its parts are looked into to weigh it, for marks and for personal data, and each is unpacked once where it is small."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self._unpacked: dict[int, bytes] = {}
        self._room = _UNPACKED_KEPT

    def open(self, name: str | zipfile.ZipInfo, *mode: Any, **options: Any) -> IO[bytes]:
        """A part from its beginning."""
        part = name if isinstance(name, zipfile.ZipInfo) else self.getinfo(name)
        if part.header_offset not in self._unpacked and part.file_size <= self._room:
            self._room -= part.file_size
            with super().open(part) as stream:
                # never more than the directory says; where there is more, the library finds that its checksum is another
                self._unpacked[part.header_offset] = stream.read(part.file_size + 1)
        kept = self._unpacked.get(part.header_offset)
        return super().open(part) if kept is None else io.BytesIO(kept)


@dataclass(frozen=True)
class Preflight:
    """What a file is, by its content alone; the package that it was found to be, where it is a zip."""

    kind: FileKind
    package: Package | None = None

    def compare_name(self, name: str) -> Finding | None:
        """A warning where the ending of the file's name says that it is something else; an ending that says nothing is no matter."""
        suffix = PurePath(name).suffix.lower()
        if _KINDS_BY_SUFFIX.get(suffix, self.kind) == self.kind:
            return None
        found = {"text": "csv", "archive": "zip"}.get(self.kind, self.kind)
        return Finding(severity_of("name_says_otherwise"), "name_says_otherwise", params={"name": name, "found": found})


def inspect(content: bytes, name: str) -> Preflight:
    """Tell what a file is by its content, never by its name.

    Raises:
        FileRefused: If it is empty, too large, protected by a password, broken or of no kind that is read.
    """
    if not content.strip(b"\0 \t\r\n") or content in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused("file_empty", name=name)
    mail = mail_kind(content)
    largest = LARGEST_MAILBOX if mail == "mailbox" else LARGEST_FILE
    if len(content) > largest:
        raise FileRefused("file_too_large", name=name, limit=f"{largest >> 20} MB")
    if mail:
        return Preflight(mail)
    if content.startswith(b"PK\x03\x04"):
        return _inspect_zip(content, name)
    if content.startswith(COMPOUND_FILE):
        if _ENCRYPTED in content:
            raise FileRefused("file_encrypted", name=name)
        if not any(stream in content for stream in _WORKBOOK_STREAMS):
            raise FileRefused("file_type_unknown", name=name)
        return Preflight("xls")
    if content.startswith(_WINMAIL):
        raise FileRefused("mail_winmail", name=name)
    if _is_no_text(content):
        raise FileRefused("file_type_unknown", name=name)
    return Preflight("text")


def mail_kind(content: bytes) -> Literal["mail", "mailbox"] | None:
    """Whether a file is a mail (RFC 5322, or Outlook's .msg) or a mailbox of them (mbox); None for anything else."""
    if content.startswith(COMPOUND_FILE):
        return "mail" if _MESSAGE_STREAM in content else None
    first, *lines = content[:_LONGEST_HEAD].removeprefix(b"\xef\xbb\xbf").splitlines() or [b""]
    is_mailbox = first.startswith(b"From ")
    names = set()
    for line in lines if is_mailbox else (first, *lines):
        if not line.strip():
            break
        if line[:1] in (b" ", b"\t"):
            continue
        name, colon, _ = line.partition(b":")
        if not colon or not _HEADER_NAME.fullmatch(name):
            return None
        names.add(name.lower())
    if not (names & _BY_PROGRAMS and names & _BY_PEOPLE):
        return None
    return "mailbox" if is_mailbox else "mail"


def _is_no_text(content: bytes) -> bool:
    if _NO_TABLE.match(content.removeprefix(b"\xef\xbb\xbf")):
        return not content.startswith(b"\xff\xfe")
    # UTF-16 text has zero bytes at every other place; any other zero byte means that this is no text
    return b"\0" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")) and not utf16_without_mark(content)


def _inspect_zip(content: bytes, name: str) -> Preflight:
    if content.count(_ENTRY) > _MOST_ENTRIES:
        raise FileRefused("file_unreadable", name=name, reason="zip directory")
    try:
        package = Package(content)
        parts = package.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise FileRefused("file_encrypted", name=name)
        if any(part.compress_type not in _PACKED_BY for part in parts):
            raise FileRefused("file_unreadable", name=name, reason="zip compression")
        if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
            raise FileRefused("file_too_large", name=name, limit=f"{LARGEST_UNPACKED >> 20} MB")
        kind = _kind_of_parts(package, {part.filename for part in parts}, name)
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, EOFError, OSError) as error:
        raise FileRefused("file_unreadable", name=name, reason=str(error)) from error
    # one reader takes the first of two parts of the same name, and another the last
    if kind != "archive" and len({part.filename.lower() for part in parts}) < len(parts):
        raise FileRefused("file_unreadable", name=name, reason="two parts of the same name")
    return Preflight(kind, package)


def _kind_of_parts(archive: zipfile.ZipFile, names: set[str], name: str) -> FileKind:
    document = archive.read("mimetype")[:200] if "mimetype" in names and archive.getinfo("mimetype").file_size < 200 else b""
    manifest = archive.getinfo("META-INF/manifest.xml") if document and "META-INF/manifest.xml" in names else None
    if manifest is not None and manifest.file_size < 2**20 and b"encryption-data" in archive.read(manifest):
        raise FileRefused("file_encrypted", name=name)
    if document or "content.xml" in names:
        if document.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        raise FileRefused("file_type_unknown", name=name)
    if "[Content_Types].xml" not in names:
        return "archive"
    if any(part.startswith("xl/") for part in names):
        return "xlsb" if "xl/workbook.bin" in names else "xlsx"
    raise FileRefused("file_type_unknown", name=name)
