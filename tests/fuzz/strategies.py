"""What the fuzzer throws at the parsers of values: cells, texts in two scripts, and tables as nobody would write them on purpose."""

from datetime import date, datetime, time, timedelta
from functools import cache

from hypothesis import strategies as st

from ingest.personal import is_identity_number
from ingest.sections import LANGUAGES, load_code_lists, load_report_sheet, load_sections

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
# What stands on a Latin keyboard in the place of a Cyrillic letter, and what looks like it: offices mix both within a word.
_CYRILLIC = str.maketrans("abvgdežzijklmnoprstćufhcčšABVGDEŽZIJKLMNOPRSTĆUFHCČŠ", "абвгдежзијклмнопрстћуфхцчшАБВГДЕЖЗИЈКЛМНОПРСТЋУФХЦЧШ")
_LIKE = str.maketrans("aeopcxyjisABEKMHOPCTXJIS", "аеорсхујіѕАВЕКМНОРСТХЈІЅ")


def _rewrite(text: str, script: int) -> str:
    """A text in the other script, in letters that only look like those of its own, or half and half."""
    if script == 2:
        return text.translate(_LIKE)
    rewritten = text.translate(_CYRILLIC)
    return rewritten if script == 1 else text[: len(text) // 2] + rewritten[len(text) // 2 :]


_written = st.one_of(
    st.lists(_pieces, max_size=6).map("".join),
    st.lists(_pieces, max_size=6).map(" ".join),
    st.deferred(lambda: st.sampled_from(_words())),
)
texts = st.one_of(
    _written,
    st.builds(_rewrite, _written, st.integers(1, 3)),
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
def identity_numbers(draw: st.DrawFn) -> tuple[str, str]:
    """An identity number of nobody, as somebody may write it, and its digits alone."""
    day = draw(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
    begin = f"{day:%d%m}{day.year % 1000:03}{draw(st.integers(0, 99999)):05}"
    digits = next((begin + digit for digit in "0123456789" if is_identity_number(begin + digit)), "0101990710010")
    between = draw(st.sampled_from(["", "", " ", "-", "\u200b", "\u00ad", "–"]))
    written = between.join(digits) if draw(st.booleans()) else f"{digits[:7]}{between}{digits[7:]}"
    shift = draw(st.sampled_from([0, 0, 0, 0xFEE0]))
    return "".join(chr(ord(letter) + shift) if letter.isdecimal() else letter for letter in written), digits
