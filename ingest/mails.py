"""Mails as mail programs keep them: the reports attached to them, who sent them and when. Their texts are never read, and no mail is ever kept."""

import email
import email.header
import email.utils
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.policy import Compat32
from pathlib import PurePosixPath

from olefile import OleFileIO  # type: ignore[import-untyped]
from oxmsg.attachment import Attachment
from oxmsg.domain import constants as msg
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from ingest.confinement import CPU_SECONDS, MEMORY, allow
from ingest.contacts import find_address
from ingest.findings import Finding, severity_of
from ingest.preflight import COMPOUND_FILE, FileRefused, inspect

MOST_ATTACHMENTS = 100
# Each boundary is looked for in every line within it: nested without end, they would cost minutes.
_MOST_BOUNDARIES = 60
# Lines and parts become objects of their own: a mail of 64 MB has fewer than a million of the one, and few of the other.
_MOST_LINES, _MOST_PARTS = 1_500_000, 10_000
# What stands in a header is taken apart by rules that are slow for long ones.
_LONGEST_HEADER, _LONGEST_HEAD = 2**14, 2**20
_LONG_HEADER = re.compile(rb"^content-[!-9;-~]*:(?:[^\n]|\n[ \t]){16384}", re.IGNORECASE | re.MULTILINE)
# A mail is held as bytes, as text, as its parts and as what was packed in them.
_LARGE, _COPIES = 2**22, 5
_SPEED = 4 * 2**20
# A mail forwarded as an attachment of a mail forwarded as an attachment …
_DEEPEST_MAIL = 5
_LONGEST_NAME = 120

# Offices' clocks and time zones are wrong by hours; a date further ahead, or before there was anything to report, is no date.
_CLOCKS_DIFFER = timedelta(days=1)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_FROM_LINE = re.compile(rb"(?:\A|\n\r?\n)From [^\r\n]*\r?\n(?=[!-9;-~]+:)")
# What mail programs attach of their own: pieces of the text, cards, invitations, signatures.
_NO_REPORT_NAME = re.compile(r"ATT\d+\.(?:txt|htm|html|c)|.*\.(?:asc|sig|p7s|vcf|ics)", re.IGNORECASE)
_NO_REPORT_TYPES = ("image/", "audio/", "video/", "text/calendar", "message/", "application/pgp-", "application/pkcs7-s")
_PICTURE = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\0\0\0\0|RIFF.{4}WEBP|\xd7\xcd\xc6\x9a|\x01\0\0\0.{36} EMF", re.DOTALL)
# A message within a message has a shorter head before its properties than a message that is a file ([MS-OXMSG] 2.4.1).
_FILE_HEAD, _INNER_HEAD, _INNER_MESSAGE = 32, 24, "__substg1.0_3701000D"


@dataclass(frozen=True)
class Envelope:
    """How a file came: the address it was sent from, and the moment in UTC that its mail states, each None where it states none."""

    sent_by: str | None
    sent_at: datetime | None

    def sent_by_clock(self, now: datetime) -> tuple[datetime, tuple[Finding, ...]]:
        """When it was sent; the ledger's clock, with a warning, where the mail's date is absent or cannot be right."""
        if self.sent_at and _EARLIEST <= self.sent_at <= now + _CLOCKS_DIFFER:
            return min(self.sent_at, now), ()
        params = {"text": f"{self.sent_at:%Y-%m-%d}" if self.sent_at else None}
        return now, (Finding(severity_of("mail_date_unusable"), "mail_date_unusable", params=params),)


@dataclass(frozen=True)
class Attached:
    """A report attached to a mail. ``left_out`` names what was attached beside it and cannot be read; it stands with the first report alone."""

    name: str
    content: bytes
    envelope: Envelope
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Part:
    """Something attached, as it stands in the mail."""

    name: str | None
    content_type: str
    content: bytes
    envelope: Envelope


def mails_in(mailbox: bytes) -> list[bytes]:
    """The mails of an mbox, in which each begins with a line "From ..." after an empty one."""
    starts = list(_FROM_LINE.finditer(mailbox))
    ends = [*(start.start() for start in starts[1:]), len(mailbox)]
    return [mailbox[start.end() : end] for start, end in zip(starts, ends, strict=False)]


def reports_in(mail: bytes, outer: Envelope | None = None) -> list[Attached]:
    """What is attached to a mail (RFC 5322 or Outlook's .msg) and can be a report, or would be taken for one by its sender.

    A mail forwarded as an attachment speaks for itself: its own sender and date hold. Pictures, cards, invitations and signatures are passed over.
    What no report can be read from is handed on where nothing else is attached, so that its sender is told so, else only named.

    Args:
        mail: The bytes of one mail.
        outer: The envelope of the mail that this one was found in; its sender and date hold where this one has none.

    Returns:
        The attachments, none where nothing was attached.

    Raises:
        FileRefused: If the mail is damaged, or more is attached to it than is read.
    """
    parts = [part for part in _parts(mail, outer or Envelope(None, None)) if not _is_no_report(part)]
    named = [Attached(_name_of(part, number), part.content, part.envelope) for number, part in enumerate(parts, start=1)]
    readable = [report for report in named if _is_readable(report)]
    if not readable or len(readable) == len(named):
        return named
    left_out = tuple(report.name for report in named if report not in readable)
    return [replace(readable[0], left_out=left_out), *readable[1:]]


def _parts(mail: bytes, outer: Envelope) -> list[_Part]:
    is_outlook = mail.startswith(COMPOUND_FILE)
    if not is_outlook and _is_a_tangle(mail):
        raise FileRefused("mail_without_report", limit=MOST_ATTACHMENTS)
    if len(mail) > _LARGE:
        allow(MEMORY + _COPIES * len(mail), CPU_SECONDS + len(mail) / _SPEED)
    try:
        found = _outlook_parts(_open_outlook(mail), _FILE_HEAD, outer, 1) if is_outlook else _internet_parts(_open(mail), outer, 1)
        parts: list[_Part] = []
        for part in found:
            if len(parts) == MOST_ATTACHMENTS:
                raise FileRefused("mail_without_report", limit=MOST_ATTACHMENTS)
            parts.append(part)
        return parts
    except RecursionError:
        raise FileRefused("mail_without_report", limit=MOST_ATTACHMENTS) from None


def _is_a_tangle(mail: bytes) -> bool:
    """Whether taking a mail apart would cost more than any report is worth."""
    return (
        mail.count(b"\n") > _MOST_LINES
        or mail.count(b"\n--") > _MOST_PARTS
        or len(re.findall(rb"boundary=", mail, re.IGNORECASE)) > _MOST_BOUNDARIES
        or min(end for blank in (b"\n\n", b"\n\r\n") if (end := mail.find(blank) % (len(mail) + 1)) >= 0) > _LONGEST_HEAD
        or bool(_LONG_HEADER.search(mail))
    )


def _is_no_report(part: _Part) -> bool:
    if part.content.startswith((b"PK\x03\x04", COMPOUND_FILE)):
        return False
    is_own = part.content_type.startswith(_NO_REPORT_TYPES) or bool(part.name and _NO_REPORT_NAME.fullmatch(part.name.strip()))
    return is_own or bool(_PICTURE.match(part.content)) or not part.content


def _is_readable(report: Attached) -> bool:
    try:
        inspect(report.content, report.name)
    except FileRefused as refused:
        # a password or damage is said of the file itself
        return refused.rule not in ("file_type_unknown", "file_empty")
    return True


def _name_of(part: _Part, number: int) -> str:
    """The name that the sender gave, as a name alone: it never becomes a path, and says nothing of folders."""
    text = unicodedata.normalize("NFC", part.name or "")
    printable = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = PurePosixPath(printable.replace("\\", "/").strip()).name.strip(". ")
    if not name:
        return f"attachment {number}"
    stem, dot, ending = name.rpartition(".")
    return f"{stem[: _LONGEST_NAME - len(ending)]}{dot}{ending}" if dot and len(ending) < 8 else name[:_LONGEST_NAME]


class _AsWritten(Compat32):
    """Headers with raw letters instead of encoded ones, as some offices' programs write them, are UTF-8 as far as they can be."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value.encode("ascii", "surrogateescape").decode("utf-8", "replace") if value.isascii() is False else value


def _open(mail: bytes) -> "Message[str, str]":
    return email.message_from_bytes(mail.removeprefix(b"\xef\xbb\xbf"), policy=_AsWritten())


def _internet_parts(mail: "Message[str, str]", outer: Envelope, depth: int) -> Iterator[_Part]:
    # a notice that a mail could not be delivered brings our own mail back, and a draft was never sent
    if depth > _DEEPEST_MAIL or mail.get_content_type() == "multipart/report" or mail.get("X-Unsent") == "1":
        return
    envelope = Envelope(find_address(_decoded(mail.get("From", "")[:_LONGEST_HEADER])) or outer.sent_by, _moment(mail.get("Date")) or outer.sent_at)
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        # asked for as text, a payload would be decoded by whatever charset its header names
        inner = [each for each in part.get_payload() if isinstance(each, Message)] if part.is_multipart() else []
        if part.get_content_type() == "message/rfc822":
            for forwarded in inner:
                yield from _internet_parts(forwarded, envelope, depth + 1)
        elif inner:
            waiting.extend(reversed(inner))
        elif (name := _file_name(part)) or part.get_content_disposition() == "attachment" or part.get_content_maintype() == "application":
            yield _Part(name, part.get_content_type(), _content_of(part), envelope)


def _content_of(part: "Message[str, str]") -> bytes:
    try:
        content = part.get_payload(decode=True)
    except ValueError as error:
        raise FileRefused("file_unreadable", name="eml", reason=str(error)) from error
    return content if isinstance(content, bytes) else b""


def _file_name(part: "Message[str, str]") -> str | None:
    try:
        return _decoded(part.get_filename() or "") or None
    except ValueError:
        # numbered pieces of a name whose numbers are none (RFC 2231)
        return None


def _decoded(text: str) -> str:
    """The text of a header, of which parts may be encoded (RFC 2047); a name between quotes too, as many programs write it."""
    try:
        pieces = email.header.decode_header(text)
    except (email.errors.HeaderParseError, ValueError):
        return text
    return "".join(piece if isinstance(piece, str) else _decode(piece, charset or "utf-8") for piece, charset in pieces)


def _decode(piece: bytes, charset: str) -> str:
    try:
        return piece.decode(charset, "replace")
    except (LookupError, ValueError):
        return piece.decode("utf-8", "replace")


def _moment(written: str | None) -> datetime | None:
    try:
        moment = email.utils.parsedate_to_datetime(str(written))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _open_outlook(mail: bytes) -> Storage:
    try:
        with OleFileIO(mail) as file:
            return Storage.from_ole(file)
    # olefile and oxmsg let every fault of a damaged file through as it comes
    except Exception as error:
        raise FileRefused("file_unreadable", name="msg", reason=type(error).__name__) from error


def _outlook_parts(message: Storage, head: int, outer: Envelope, depth: int) -> Iterator[_Part]:
    if depth > _DEEPEST_MAIL:
        return
    try:
        envelope = _outlook_envelope(Properties(message, properties_header_offset=head), outer)
        attached = [(Attachment(storage), storage) for storage in message.iter_attachment_storages()]
        parts = [(each.file_name, each.mime_type or "", each.file_bytes or b"", storage) for each, storage in attached]
    except Exception as error:
        raise FileRefused("file_unreadable", name="msg", reason=type(error).__name__) from error
    for name, content_type, content, storage in parts:
        inner = next((each for each in storage.storages if each.name == _INNER_MESSAGE), None)
        if inner is not None:
            yield from _outlook_parts(inner, _INNER_HEAD, envelope, depth + 1)
        else:
            yield _Part(name, content_type, content, envelope)


def _outlook_envelope(properties: Properties, outer: Envelope) -> Envelope:
    headers = email.message_from_string(properties.str_prop_value(msg.PID_TRANSPORT_MESSAGE_HEADERS) or "")
    # an Exchange server knows its own people by paths of its directory, which are no addresses
    pids = (msg.PID_SENDER_SMTP_ADDRESS, msg.PID_SENDER_EMAIL_ADDRESS)
    written = [_decoded(headers.get("From", "")), *(properties.str_prop_value(pid) or "" for pid in pids)]
    sender = next((address for text in written if (address := find_address(text))), outer.sent_by)
    sent_at = _moment(headers.get("Date")) or properties.date_prop_value(msg.PID_CLIENT_SUBMIT_TIME)
    return Envelope(sender, sent_at.astimezone(UTC) if sent_at else outer.sent_at)
