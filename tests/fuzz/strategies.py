"""What the fuzzer throws at the readers: cells and tables as nobody would write them on purpose, and workbooks with bytes changed."""

import csv
import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache

from hypothesis import strategies as st

from ingest.sections import LANGUAGES, load_code_lists, load_report_sheet, load_sections
from tests.ingest.binary_files import ods, xls, xlsb
from tests.ingest.files import xlsx

languages = st.sampled_from([*LANGUAGES, None])

# Pieces of figures, dates, periods and places; put side by side they come near to what is read, and near is where parsers break.
_PIECES = (
    "0 1 2 3 7 9 10 12 13 28 29 30 31 32 99 100 366 1899 1900 1989 1990 2024 2100 2101 9999 00 01 0101 1e5 1e999 -1 +5 44562 x xx xxxx XXXX",
    ". , - – — / : ; ~ ≈ % ‰ + * ( ) [ ] ? … „ “ ' \" = @ # € < > <= >= | \\ _ & \t \n \r \0 \u202e \u200b \ufeff \xa0 \u2028 ½ ² Ⅳ ٣ １ ൰",
    "oko околу about najmanje do preko desetak триесетина i II iii IV xii Q1 h2 kvartal тромесечје tremujori polugodište od до until deri",
    "januar март maj мај qershor sept. october .2024. 2024-Q1 2022-06/2022-09 not-stated n/a - nije poznato непознато NaN Infinity -inf nan true",
    "din. дин RSD денари EUR € porodica семејства persons Kruševac Крушевац Čačak Ѓорче Петров GO Grad Opština Центар Жупа Bela Palanka 70670 SAMPLE",
)


@cache
def _words() -> tuple[str, ...]:
    """Every label, synonym and code of the forms, so that headings and answers occur beside noise."""
    sections = load_sections().values()
    terms = [*(field for section in sections for field in section.fields), *load_report_sheet().fields.values(), *load_report_sheet().table.values()]
    found = [text for term in terms for text in (*term.labels.values(), *term.synonyms)]
    found += [label for section in sections for label in (section.name, *section.labels.values())]
    for codes in (*load_code_lists().values(), load_report_sheet().statements, load_report_sheet().said):
        found += [label for labels in codes.codes.values() for label in labels.values()]
    return tuple(dict.fromkeys(found))


_pieces = st.sampled_from([piece for line in _PIECES for piece in line.split(" ")])
texts = st.one_of(
    st.lists(_pieces, max_size=6).map("".join),
    st.lists(_pieces, max_size=6).map(" ".join),
    st.deferred(lambda: st.sampled_from(_words())),
    st.text(max_size=30),
    st.text("0123456789.,-/ ", max_size=20),
    st.just("9" * 5000),
)
cells = st.one_of(
    texts,
    texts,
    st.none(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from([date.min, date.max, datetime.min, datetime.max, time.max, timedelta.max, timedelta.min, 1e308, 5e-324, -0.0, 2**63, 1e12]),
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[object]]:
    """Rows of a sheet: now and then a row of headings of one section, else anything."""
    section = draw(st.sampled_from(list(load_sections().values())))
    language = draw(st.sampled_from(LANGUAGES))
    headings = st.permutations([field.labels[language] for field in section.fields]).map(lambda labels: labels[:8])
    place = st.just([f"{load_report_sheet().fields[key].labels[language]}: {text}" for key, text in (("programme", "SAMPLE"), ("period", "2024-Q1"))])
    rows = st.lists(cells, max_size=10)
    above, below = draw(st.lists(st.one_of(rows, place), max_size=3)), draw(st.lists(rows, max_size=6))
    return [list(row) for row in (*above, *([draw(headings)] if draw(st.booleans()) else []), *below)]


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
    return mutate(content, draw(changes)) if draw(st.booleans()) else content


_ROWS: Sequence[Sequence[object]] = (
    ("Opština: Kruševac", None, "Program: SAMPLE", "Period: 2024-Q1"),
    ("Poslodavac", "Angažovana lica", "Početak", "Žene"),
    ("ЈКП Шумадија", 12, date(2024, 5, 31), "oko 5"),
    ("Dom učenika", 0.5, date(1999, 12, 31), "#DIV/0!"),
)

# (place as a share of the length, how many bytes go, what comes instead)
changes = st.lists(
    st.tuples(
        st.floats(0, 1),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=8), st.sampled_from([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"1048576", b"XFD1048576", b"-1", b"<"])
        ),
    ),
    min_size=1,
    max_size=4,
)


def mutate(content: bytes, changed: Sequence[tuple[float, int, bytes]]) -> bytes:
    """The content with some of its bytes replaced, removed or added."""
    for share, gone, instead in changed:
        at = int(share * len(content))
        content = content[:at] + instead + content[at + gone :]
    return content


@cache
def _seeds() -> dict[str, bytes]:
    return {
        "xlsx": xlsx(None, None, Angažovanja=_ROWS),
        "xls": xls(_ROWS, (2,), (1,)),
        "xlsb": xlsb(_ROWS, (2,), (1,)),
        "ods": ods(_ROWS, (2,), (1,)),
    }


@st.composite
def workbooks(draw: st.DrawFn) -> tuple[bytes, str]:
    """A workbook with bytes changed, outside or within one of its parts, and its name."""
    kind = draw(st.sampled_from(sorted(_seeds())))
    content = _seeds()[kind]
    if kind != "xls" and draw(st.integers(0, 3)):
        content = _change_part(content, draw(st.floats(0, 0.999)), draw(changes))
    else:
        content = mutate(content, draw(changes))
    return content, f"report.{draw(st.sampled_from([kind, 'csv', 'xlsx']))}"


def _change_part(content: bytes, share: float, changed: Sequence[tuple[float, int, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(out, "w") as changed_archive:
        names = archive.namelist()
        for name in names:
            part = archive.read(name)
            changed_archive.writestr(name, mutate(part, changed) if name == names[int(share * len(names))] else part)
    return out.getvalue()


def lying_zip(parts: dict[str, bytes], stated: int) -> bytes:
    """A zip whose directory states that every part unpacks to so many bytes, whatever it really unpacks to."""
    body, directory = b"", b""
    for name, part in parts.items():
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(part) + packer.flush()
        common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(part), len(packed), stated, len(name), 0)
        directory += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + common + name.encode() + packed
    return body + directory + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(parts), len(parts), len(directory), len(body), 0)
