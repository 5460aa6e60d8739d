"""The binary formats as they are stored: the stream of an xls in its compound file, and the records of an xls (BIFF8) and an xlsb (BIFF12).

Layouts: the published specifications [MS-CFB], [MS-XLS] and [MS-XLSB].
"""

import struct
from collections.abc import Iterator

from ingest.weighing import MOST_CELLS

_LAST_SECTORS = 0xFFFFFFFA
# Cells have a record each, and few others occur as often.
_MOST_RECORDS = MOST_CELLS + 2**20


def workbook_stream(content: bytes) -> bytes:
    """The stream of a compound file that holds the workbook.

    Raises:
        ValueError, struct.error, IndexError: If there is none, or it is broken.
    """
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    first_directory, _, cutoff, first_small = struct.unpack_from("<IIII", content, 48)
    table_sectors = [sector for sector in struct.unpack_from("<109I", content, 76) if sector < _LAST_SECTORS]
    next_table = struct.unpack_from("<I", content, 68)[0]
    while next_table < _LAST_SECTORS and len(table_sectors) * size < len(content):
        entries = struct.unpack_from(f"<{size // 4}I", content, (next_table + 1) * size)
        table_sectors.extend(sector for sector in entries[:-1] if sector < _LAST_SECTORS)
        next_table = entries[-1]
    table = [entry for sector in table_sectors for entry in struct.unpack_from(f"<{size // 4}I", content, (sector + 1) * size)]
    directory = _chain(content, table, first_directory, size, size)
    entries_found = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    root = entries_found[0]
    for entry in entries_found:
        if entry[: struct.unpack_from("<H", entry, 64)[0]].decode("utf-16-le").rstrip("\0") in ("Workbook", "Book"):
            start, length = struct.unpack_from("<II", entry, 116)
            if length >= cutoff:
                return _chain(content, table, start, size, size)[:length]
            small = _chain(content, table, struct.unpack_from("<I", root, 116)[0], size, size)
            small_table_bytes = _chain(content, table, first_small, size, size)
            small_table = list(struct.unpack(f"<{len(small_table_bytes) // 4}I", small_table_bytes))
            return _chain(small, small_table, start, 64, 0)[:length]
    raise ValueError("no workbook in the file")


def _chain(content: bytes, table: list[int], sector: int, size: int, offset: int) -> bytes:
    parts: list[bytes] = []
    while sector < _LAST_SECTORS and len(parts) <= len(table):
        parts.append(content[offset + sector * size : offset + (sector + 1) * size])
        sector = table[sector]
    return b"".join(parts)


def xls_records(stream: bytes, start: int) -> Iterator[tuple[int, bytes, int]]:
    """The records of one substream, to its end: kind, content, and where the next one begins.

    Raises:
        ValueError: If there are more than any has.
    """
    at, depth, count = start, 0, 0
    while at + 4 <= len(stream):
        count += 1
        if count > _MOST_RECORDS:
            raise ValueError("more records than any sheet has")
        kind, length = struct.unpack_from("<HH", stream, at)
        next_at = at + 4 + length
        yield kind, stream[at + 4 : next_at], next_at
        at = next_at
        depth += (kind == 0x0809) - (kind == 0x000A)  # BOF, EOF: a chart lies within its sheet
        if kind == 0x000A and depth <= 0:
            return


def xlsb_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a part: kind and content.

    Raises:
        ValueError: If there are more than any part has.
        IndexError: If the last one is cut.
    """
    at = count = 0
    while at < len(content):
        count += 1
        if count > _MOST_RECORDS:
            raise ValueError("more records than any sheet has")
        kind = content[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[at] & 0x7F) << 7
            at += 1
        length = shift = 0
        while True:
            byte = content[at]
            at += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80 or shift > 21:
                break
        yield kind, content[at : at + length]
        at += length
