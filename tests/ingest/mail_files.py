"""Writes mails as programs write them: RFC 5322 text, and Outlook's .msg, a compound file ([MS-CFB], [MS-OXMSG])."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.message import EmailMessage

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Tree = Mapping[str, "bytes | Tree"]


def eml(
    *attached: tuple[str, bytes] | EmailMessage,
    sender: str | None = "Извештаи <izvestai@kicevo.gov.mk>",
    sent: str | None = "Fri, 12 Apr 2024 10:30:00 +0200",
    text: str = "Во прилог е извештајот.",
    **headers: str,
) -> EmailMessage:
    """A mail with files or mails attached to it."""
    mail = EmailMessage()
    mail["Message-ID"] = "<1@kicevo.gov.mk>"
    mail["Subject"] = "Извештај"
    for name, value in {"From": sender, "Date": sent, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value is not None:
            mail[name] = value
    mail.set_content(text)
    for each in attached:
        if isinstance(each, EmailMessage):
            mail.add_attachment(each)
        else:
            name, content = each
            kind, _, subtype = (XLSX if name.endswith("xlsx") else "image/png" if name.endswith("png") else "application/octet-stream").partition("/")
            mail.add_attachment(content, maintype=kind, subtype=subtype, filename=name)
    return mail


def outlook(
    *attached: tuple[str, bytes] | Tree, sender: str | None = "izvestai@kicevo.gov.mk", sent: datetime | None = None, is_inner: bool = False
) -> Tree:
    """The parts of a message of Outlook with files, or messages, attached to it; ``compound_file`` makes a .msg of them."""
    parts: dict[str, bytes | Tree] = {}
    for number, each in enumerate(attached):
        if isinstance(each, tuple):
            name, content = each
            parts[f"__attach_version1.0_#{number:08X}"] = _properties(8, {0x3707: name, 0x3701: content, 0x3705: 1})
        else:
            inner = {"__substg1.0_3701000D": each, **_properties(8, {0x3707: "Forwarded", 0x3705: 5})}
            parts[f"__attach_version1.0_#{number:08X}"] = inner
    said = {0x001A: "IPM.Note", 0x340D: 0x00040000, 0x5D01: sender, 0x0039: sent}
    head = 24 if is_inner else 32
    return {
        **_properties(head, {pid: value for pid, value in said.items() if value is not None}, struct.pack("<8x4I", 0, 0, 0, len(attached))),
        **parts,
    }


def _properties(head: int, values: Mapping[int, str | bytes | int | datetime], begin: bytes = b"") -> dict[str, bytes | Tree]:
    streams: dict[str, bytes | Tree] = {}
    entries = begin.ljust(head, b"\0")
    for pid, value in values.items():
        match value:
            case str():
                content = value.encode("utf-16-le")
                streams[f"__substg1.0_{pid:04X}001F"] = content
                entries += struct.pack("<HHIII", 0x001F, pid, 6, len(content) + 2, 0)
            case bytes():
                streams[f"__substg1.0_{pid:04X}0102"] = value
                entries += struct.pack("<HHIII", 0x0102, pid, 6, len(value), 0)
            case int():
                entries += struct.pack("<HHIII", 0x0003, pid, 6, value, 0)
            case datetime():
                ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
                entries += struct.pack("<HHIQ", 0x0040, pid, 6, ticks)
    return {"__properties_version1.0": entries, **streams}


def compound_file(tree: Tree) -> bytes:
    """A compound file of sectors of 512 bytes; streams below 4096 bytes stand in the mini stream, in sectors of 64."""
    entries: list[list[object]] = [["Root Entry", 5, None, 0, 0]]
    mini, large = bytearray(), []
    mini_table: list[int] = []

    def add(content: Tree, owner: int) -> None:
        before = None
        for name, each in content.items():
            number = len(entries)
            entries.append([name, 2 if isinstance(each, bytes) else 1, None, 0, 0, None])
            if before is None:
                entries[owner][2] = number
            else:
                entries[before][5] = number
            before = number
            if not isinstance(each, bytes):
                add(each, number)
            elif len(each) >= 4096:
                entries[number][3:5] = [("large", len(large)), len(each)]
                large.append(each)
            else:
                first, count = len(mini_table), -(-len(each) // 64)
                entries[number][3:5] = [first if each else 0xFFFFFFFE, len(each)]
                mini_table.extend([*range(first + 1, first + count), 0xFFFFFFFE] if count else [])
                mini.extend(each.ljust(count * 64, b"\0"))

    entries[0].append(None)
    add(tree, 0)
    chains = [
        _sectors(bytes(mini)),
        *map(_sectors, large),
        _sectors(struct.pack(f"<{len(mini_table)}I", *mini_table), b"\xff"),
        [b""] * -(-len(entries) // 4),
    ]
    starts, at = [], 0
    for chain in chains:
        starts.append(at)
        at += len(chain)
    table_sectors = -(-(at + 1) // 127)
    table: list[int] = []
    for start, chain in zip(starts, chains, strict=True):
        table += [*range(start + 1, start + len(chain)), 0xFFFFFFFE] if chain else []
    table += [0xFFFFFFFD] * table_sectors
    table += [0xFFFFFFFF] * (table_sectors * 128 - len(table))

    def directory(entry: Sequence[object], is_root: bool) -> bytes:
        name, kind, child, start, length, right = entry
        text = (str(name) + "\0").encode("utf-16-le")
        if is_root:
            start, length = starts[0], len(mini)
        elif isinstance(start, tuple):
            start = starts[1 + start[1]]
        links = [0xFFFFFFFF if link is None else link for link in (None, right, child)]
        return text.ljust(64, b"\0") + struct.pack("<HBBIII36xIII", len(text), kind, 1, *links, start, length, 0)

    chains[-1] = _sectors(b"".join(directory(entry, number == 0) for number, entry in enumerate(entries)))
    header = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIIII", 0, table_sectors, starts[-1], 0, 4096, starts[-2], len(chains[-2]), 0xFFFFFFFE, 0, at)
    header = header[:-4] + struct.pack(f"<{table_sectors}I", *range(at, at + table_sectors))
    return header.ljust(512, b"\xff") + b"".join(b"".join(chain) for chain in chains) + struct.pack(f"<{len(table)}I", *table)


def _sectors(content: bytes, fill: bytes = b"\0") -> list[bytes]:
    return [content[at : at + 512].ljust(512, fill) for at in range(0, len(content), 512)]


def mbox(mails: Iterable[EmailMessage]) -> bytes:
    """A mailbox as mbox programs keep it."""
    return b"\n".join(b"From izvestai@kicevo.gov.mk Fri Apr 12 08:30:00 2024\n" + mail.as_bytes() for mail in mails)
