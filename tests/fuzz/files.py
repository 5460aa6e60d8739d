"""Files as somebody bent on harm, or a failing disk, would make them: real workbooks, mails and zips of every kind, changed at every level.

Bytes are replaced, tags and attributes of XML parts dropped, doubled, nested and given absurd values, records of binary formats cut and stretched,
members of zips lost, doubled, renamed and lied about. What comes out is mostly well-formed enough to get past the first look.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from tests.fuzz.strategies import tables
from tests.ingest.binary_files import ods, xls, xlsb
from tests.ingest.files import xlsx
from tests.ingest.mail_files import compound_file, eml, mbox, outlook

REPOSITORY = Path(__file__).parents[2]

# A choice of the fuzzer as a share of what there is to choose from.
_share = st.floats(0, 0.9999)
Share = float
# (what is done, where, what with): read by the functions below
Change = tuple[int, Share, Share, bytes]

_BYTES = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\x01\0\0\0", b"1048576", b"-1", b"<", b"]]>", b"&#0;", b"\r\n\r\n", b"")
_VALUES = (
    b"0 -1 1 1e9 99999999999999999999 4294967295 2147483648 1048577 16385 NaN true e s str inlineStr d A0 ZZZZ1 A99999999999 A1:XFD1048576",
    b"XFD1048576 ../../../etc/passwd /xl/workbook.xml file:///etc/passwd http://localhost:1/x sheet1.xml &#x0; \xd0\x80 0001-01-01 PT999999999H",
    b"9999-12-31T23:59:60 percentage collapse veryHidden &amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;&amp;",
)
_NAMES = ("xl/workbook.xml xl/worksheets/sheet1.xml ../../x /etc/passwd a\0b content.xml mimetype xl/sharedStrings.xml " + "č" * 300).split(" ")

changes = st.lists(
    st.tuples(
        st.integers(0, 9),
        _share,
        _share,
        st.one_of(st.sampled_from(_BYTES), st.sampled_from([value for line in _VALUES for value in line.split(b" ")]), st.binary(max_size=8)),
    ),
    min_size=1,
    max_size=5,
)

_TAG = re.compile(rb"<[^!?][^<>]*>")
_ATTRIBUTE = re.compile(rb'(?<=[\w:]=")[^"]*(?=")')
_TEXT = re.compile(rb"(?<=>)[^<>]+(?=<)")


def change_bytes(content: bytes, change: Change) -> bytes:
    """Some bytes replaced, removed, added, doubled, or the rest cut off."""
    kind, at, other, value = change
    start, end = int(at * len(content)), int(other * len(content))
    match kind % 4:
        case 0:
            return content[:start] + value + content[start + len(value) :]
        case 1:
            return content[:start] + value + content[start + kind :]
        case 2:
            return content[: max(start, end)]
        case _:
            return content[:start] + content[min(start, end) : max(start, end)][:2000] * 2 + content[start:]


def change_xml(content: bytes, change: Change) -> bytes:
    """A tag dropped, doubled, nested or moved, the value of an attribute or a text replaced, an entity or a second root put in."""
    kind, at, other, value = change
    if kind in (0, 1, 2):
        return _replace(content, _ATTRIBUTE, at, lambda _: value)
    if kind == 3:
        return _replace(content, _TEXT, at, lambda _: value)
    if kind == 4:
        return _replace(content, _TAG, at, lambda _: b"")
    if kind == 5:
        return _replace(content, _TAG, at, lambda tag: tag * (2 + int(other * 40)))
    if kind == 6:
        taken = [found[0] for found in _TAG.finditer(content)]
        return _replace(content, _TAG, at, lambda tag: taken[int(other * len(taken))] + tag if taken else tag)
    if kind == 7:
        return content.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "' + value + b'"><!ENTITY b SYSTEM "file:///etc/passwd">]>', 1)
    if kind == 8:
        return _replace(content, _TAG, at, lambda tag: re.sub(rb'\s[\w:]+="[^"]*"', b"", tag, count=1 + int(other * 3)))
    return change_bytes(content, change)


def change_records(content: bytes, change: Change, is_xlsb: bool) -> bytes:
    """A record of a binary workbook given another length, number or content, dropped, doubled or put elsewhere."""
    kind, at, other, value = change
    starts = _xlsb_starts(content) if is_xlsb else _xls_starts(content)
    if len(starts) < 3:
        return change_bytes(content, change)
    number = int(at * (len(starts) - 1))
    start, end = starts[number], starts[number + 1]
    record, elsewhere = content[start:end], starts[int(other * len(starts))]
    match kind:
        case 0:
            return content[:start] + content[end:]
        case 1:
            return content[:start] + record * (2 + int(other * 30)) + content[end:]
        case 2:
            return content[:elsewhere] + record + content[elsewhere:]
        case 3:
            return content[: start + 2] + value[:2] + content[start + 2 + len(value[:2]) :]
        case 4:
            return content[:start] + value[:2] + content[start + len(value[:2]) :]
        case 5:
            return content[: end - 4] + value[:4] + content[end - 4 + len(value[:4]) :]
        case _:
            place = start + 4 + int(other * max(len(record) - 4, 0))
            return content[:place] + value + content[place + len(value) :]


def _replace(content: bytes, pattern: re.Pattern[bytes], at: Share, change: Callable[[bytes], bytes]) -> bytes:
    found = list(pattern.finditer(content))
    if not found:
        return content
    one = found[int(at * len(found))]
    return content[: one.start()] + change(one[0]) + content[one.end() :]


def _xls_starts(stream: bytes) -> list[int]:
    # the workbook's stream begins at a sector, which the records of the file tell best by its first one
    at = max(stream.find(b"\x09\x08\x10\x00"), 0)
    starts = []
    while at + 4 <= len(stream) and len(starts) < 5000:
        starts.append(at)
        at += 4 + int(struct.unpack_from("<H", stream, at + 2)[0])
    return starts


def _xlsb_starts(part: bytes) -> list[int]:
    at, starts = 0, []
    while at + 3 < len(part):
        starts.append(at)
        at += 2 if part[at] & 0x80 else 1
        length = shift = 0
        while at < len(part):
            length, shift, is_last = length | (part[at] & 0x7F) << shift, shift + 7, not part[at] & 0x80
            at += 1
            if is_last or shift > 21:
                break
        at += length
    return starts


@cache
def seeds() -> dict[str, tuple[bytes, ...]]:
    """Real files of each kind, small ones: shipped reports, and those that the tests of formats make."""
    rows: Sequence[Sequence[object]] = (
        ("Opština: Kruševac", None, "Program: SAMPLE", "Period: 2024-Q1"),
        ("Poslodavac", "Angažovana lica", "Početak", "Žene"),
        ("ЈКП Шумадија", 12, date(2024, 5, 31), "oko 5"),
        ("Dom učenika", 0.5, date(1999, 12, 31), "#DIV/0!"),
    )
    reports = sorted((REPOSITORY / "data" / "reports").glob("*.xlsx"))
    book = xlsx(None, None, Angažovanja=rows)
    mail = eml(("Извештај.xlsx", book), ("мал.csv", b"a;b\n1;2\n"), eml(("r.csv", b"a;b\n")))
    return {
        "xlsx": (book, *(report.read_bytes() for report in reports[::4])),
        "xls": (xls(rows, (2,), (1,)), xls(rows, merged=((1, 1, 2, 2),))),
        "xlsb": (xlsb(rows, (2,), (1,)), xlsb(rows, merged=((1, 1, 2, 2),))),
        "ods": (ods(rows, (2,), (1,)), ods(rows, merged=((1, 1, 2, 2),))),
        "zip": (_zip_of({"Čačak/Q1.xlsx": book, "Q1.csv": b"a;b\n1;2\n", "z.zip": _zip_of({"x.csv": b"a;b\n"})}),),
        "eml": (mail.as_bytes(),),
        "msg": (compound_file(outlook(("Извештај.xlsx", book), ("m.csv", b"a;b\n"), outlook(("i.csv", b"a;b\n"), is_inner=True))),),
        "mbox": (mbox([mail, eml(("2.csv", b"a;b\n"))]),),
    }


def _zip_of(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def files(*kinds: str) -> st.SearchStrategy[tuple[bytes, str]]:
    """Files of these kinds with changes in them, and the names they bear."""
    return _changed({kind: seeds()[kind] for kind in kinds})


@st.composite
def _changed(draw: st.DrawFn, known: dict[str, tuple[bytes, ...]]) -> tuple[bytes, str]:
    kind = draw(st.sampled_from(sorted(known)))
    content = draw(st.sampled_from(known[kind]))
    changed = draw(changes)
    if content.startswith(b"PK") and draw(st.integers(0, 7)):
        content = _change_parts(content, kind, changed, draw(_share), draw(st.integers(0, 9)))
    else:
        for change in changed:
            content = change_records(content, change, False) if kind == "xls" and change[1] < 0.7 else change_bytes(content, change)
    return content, f"report.{draw(st.sampled_from([kind, kind, 'csv', 'xlsx', 'eml']))}"


def _change_parts(content: bytes, kind: str, changed: Sequence[Change], at: Share, packing: int) -> bytes:
    """A zip with one of its parts changed, and packed again honestly or with lies."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = sorted(parts, key=lambda each: len(parts[each]))[int(at * len(parts))]
    for change in changed:
        parts[name] = change_records(parts[name], change, True) if name.endswith(".bin") else change_xml(parts[name], change)
    value = changed[0][3]
    if packing == 0:
        del parts[name]
    elif packing == 1:
        parts[_NAMES[int(changed[0][2] * len(_NAMES))]] = parts[name]
    elif packing == 2:
        return lying_zip(parts, int.from_bytes(value[:4].ljust(1, b"\x01"), "little"))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for each, part in parts.items():
            archive.writestr(each, part)
            if packing == 3 and each == name:
                with_other = zipfile.ZipInfo(each)
                with_other.external_attr = 0o120777 << 16
                archive.writestr(with_other, change_xml(part, changed[-1]))
    return out.getvalue()


@st.composite
def text_files(draw: st.DrawFn) -> bytes:
    """A table as text in some encoding, quoted or not, or bytes that are none."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=300))
    out = io.StringIO()
    delimiter = draw(st.sampled_from(";,\t|"))
    rows = [["" if cell is None else str(cell) for cell in row] for row in draw(tables())]
    if draw(st.booleans()):
        csv.writer(out, delimiter=delimiter, lineterminator=draw(st.sampled_from(["\r\n", "\n", "\r"]))).writerows(rows)
    else:
        out.write("\n".join(delimiter.join(row) for row in rows))
    content = out.getvalue().encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1250", "cp1251", "iso8859_2"])), "replace")
    for change in draw(st.one_of(st.just([]), changes)):
        content = change_bytes(content, change)
    return content


def lying_zip(parts: dict[str, bytes], stated: int) -> bytes:
    """A zip whose directory states that every part unpacks to so many bytes, whatever it really unpacks to."""
    body, directory = b"", b""
    for name, part in parts.items():
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(part) + packer.flush()
        common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(part), len(packed), stated, len(name.encode()), 0)
        directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + packed
    return body + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
