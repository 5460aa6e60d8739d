"""What must not come in: identity numbers, columns of names of persons, and how to reach them. Found before anything of a file is stored.

An identity number (JMBG, ЕМБГ: thirteen digits with a date of birth and a check digit, by the law of 1976 that Serbia and North Macedonia keep)
is looked for in every cell, hidden ones too, in names of sheets, and in the parts of a workbook that no cell shows: comments, properties, drawings,
texts left behind. Names are told by the heading of their column or by common given names; telephone numbers and addresses count in rows on persons.
Workbooks embedded in a workbook are looked into likewise, pictures are not.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Any, Literal, NamedTuple

import yaml

from ingest.findings import Finding, severity_of
from ingest.preflight import COMPOUND_FILE, FileRefused, Package
from ingest.readers import CellValue, Contents, Sheet, is_blank
from ingest.rows import Rows
from ingest.sections import fold, load_sections
from ingest.values import cell_name, text_as_reported

# Sections whose rows may each be one person.
PERSON_SECTIONS = frozenset({"engagements", "trainings", "services", "household_support"})

_BETWEEN_DIGITS = r"[ \-–—/\u00a0\u2009\u202f]"
_THIRTEEN = re.compile(rf"(?<!\d)(?<!\d{_BETWEEN_DIGITS})(?<!\d[.,])\d(?:{_BETWEEN_DIGITS}?\d){{12}}(?!{_BETWEEN_DIGITS}?\d)")
# A spreadsheet drops the zero before a day of the first nine.
_TWELVE = re.compile(r"'?\d{12}(?:[.,]0+)?")
# The first of January of a year that ends in three noughts.
_SMALLEST = 10**10
_WEIGHTS = (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.\w{2,}")
_DIGITS = re.compile(r"\d\D?\d\D?\d\D?\d")
_INNER = r"(?:[ \-/]?\d)"
# In writing to the world, or of a mobile network, or after a word that says so; an area code alone may as well begin the number of a contract.
_PHONE = re.compile(
    rf"(?<![\d+])(?:\+|00)3(?:8[1-9]|55){_INNER}{{7,10}}(?!\d)"
    rf"|(?<![\d/.,-])0[67]\d{_INNER}{{6,7}}(?!\d|[./-]\d)"
    rf"|\b(?:tel|mob|telefon|mobilni|тел|моб|телефон|мобилен|мобилни|phone|celular)\w*[.: ]+0\d{_INNER}{{6,8}}(?!\d)",
    re.IGNORECASE,
)
# A cell that is nothing but a number with an area code; 03/04/2022 is a date and 01-06/2024 a period, whose last four digits are a year.
_PHONE_ALONE = re.compile(rf"(?!\d\d(?:[ /-]\d\d){{1,2}}[ /-](?:19|20)\d\d$)0[1-7]\d?[ \-/]{_INNER}{{6,8}}|\(0[1-7]\d?\) ?{_INNER}{{6,8}}")
_NAME = re.compile(r"[^\W\d_]+(?:[- ][^\W\d_]+\.?){1,2}")
_LONGEST_HEADING = 60
# So many names one below the other are a list of persons, even where nothing says so.
_NAMES_TELL = 3
# Parts that only say how a workbook looks or hangs together, and hold nothing that a person wrote.
_PLAIN_PARTS = re.compile(r"(?:^|/)(?:styles\.(?:xml|bin)|theme\d*\.xml|calcChain\.(?:xml|bin)|\[Content_Types\]\.xml)$")
_IN_PART = re.compile(rb"(?<![\d.,+-])\d{13}(?![\d.,])|(?<=>)\d{12}(?=<)|(?<=[\"'])\d{12}(?=[\"'])")
_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_TWELVE_DIGITS = b"0" * 12
# Workbooks and documents within a workbook.
_EMBEDDED = re.compile(r"(?:^|/)(?:embeddings/|Object )[^/]*")
_DEEPEST = 3
_ZIP = b"PK\x03\x04"
_CHUNK = 2**20
_SHORTEST_NUMBER = 12
_SHORTEST_CONTACT = 6
_LONGEST_NAME = 40
# Texts that are remembered, since reports repeat theirs, and how long one may be.
_REMEMBERED = 4096
_LONGEST_REMEMBERED = 100


def has_identity_number(cell: CellValue) -> bool:
    """Whether a cell is or holds a valid JMBG or ЕМБГ, as a number (its first zero may be lost) or in a text, with spaces or dashes in it or not."""
    if isinstance(cell, str):
        text = _plain(cell)
        if _TWELVE.fullmatch(text.strip()):
            return is_identity_number(re.sub(r"\D.*", "", text.strip().lstrip("'")).zfill(13))
        return any(is_identity_number(re.sub(r"\D", "", found[0])) for found in _THIRTEEN.finditer(text))
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _SMALLEST < cell < 10**13 and cell == int(cell):
        return is_identity_number(f"{int(cell):013}")
    return False


def is_identity_number(digits: str) -> bool:
    """Whether thirteen digits are a JMBG: day, month, last three digits of the year, region, number, check digit (modulus 11)."""
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:7])
    try:
        date(year + (1000 if year >= 900 else 2000), month, day)
    except ValueError:
        return False
    rest = 11 - sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=False)) % 11
    # nobody born before 1900 or after 2099 is in a report
    return (year >= 900 or year < 100) and int(digits[12]) == (rest if rest < 10 else 0)


def scrub(text: str) -> str:
    """The text without identity numbers, telephone numbers and e-mail addresses: an ellipsis stands for each."""
    # in other digits, or with something unseen between them, it is one all the same
    if not text.isascii() and has_identity_number(text):
        text = _plain(text)
    text = _THIRTEEN.sub(lambda found: "…" if is_identity_number(re.sub(r"\D", "", found[0])) else found[0], text)
    return _PHONE.sub("…", _EMAIL.sub("…", text))


def scrub_finding(finding: Finding) -> Finding:
    """A finding whose values are scrubbed."""
    return replace(finding, params={name: scrub(value) if isinstance(value, str) else value for name, value in finding.params.items()})


def find_personal_data(content: bytes, contents: Contents, rows: Iterable[Rows]) -> tuple[list[Finding], str | None]:
    """Everything in a file that must not come in, each column once with its first cell; no finding holds a value.

    Args:
        content: The file's bytes.
        contents: What was read of it.
        rows: The rows of sections that were understood in it.

    Returns:
        The findings, and the language of a heading that told; None where none did.
    """
    found: list[Finding] = []
    languages: list[str] = []
    by_sheet: dict[str, list[Rows]] = {}
    for each in rows:
        by_sheet.setdefault(each.sheet, []).append(each)
    for sheet in contents.sheets:
        suspects = _find_suspects(sheet)
        headings = _find_headings(sheet, suspects)
        of_sheet = [*_find_numbers(sheet, suspects)]
        for finding, language in _find_named_columns(sheet, headings):
            of_sheet.append(finding)
            languages.append(language)
        of_sheet += _find_in_rows(sheet, suspects, headings, by_sheet.get(sheet.name, []))
        # a column is told of once, by what is worst in it
        told: dict[object, Finding] = {}
        for finding in of_sheet:
            told.setdefault(finding.params.get("column"), finding)
        found.extend(told.values())
    if not any(finding.rule.startswith("personal_number") for finding in found) and (part := _find_in_parts(content, contents.package)):
        found.append(Finding(severity_of("personal_number_unseen"), "personal_number_unseen", params={"part": part}))
    return found, languages[0] if languages else None


@dataclass(frozen=True)
class _Heading:
    """The heading of a column on persons: where it stands, what it is of (identity, name, contact), and its language."""

    row: int
    column: int
    text: str
    meant: str
    language: str


class _Suspicion(NamedTuple):
    """What is to be looked at in a cell: an identity number, a heading on persons (what it is of, its language), what reaches somebody, a name."""

    has_number: bool = False
    heading: tuple[str, str] | None = None
    contact: Literal["address", "number"] | None = None
    is_name: bool = False


_Suspects = Mapping[CellValue, _Suspicion]


def _find_suspects(sheet: Sheet) -> _Suspects:
    """What stands in a sheet and is to be looked at, each once; where it stands is asked only of what must not come in."""
    suspects: dict[CellValue, _Suspicion] = {}
    for cell in chain(sheet.values, (cell for _, _, cell in sheet.hidden)):
        if isinstance(cell, str):
            # nearly every text is harmless, and stands in the next report too
            suspicion = _suspect_remembered(cell) if len(cell) <= _LONGEST_REMEMBERED else _suspect(cell)
            if suspicion:
                suspects[cell] = suspicion
        elif isinstance(cell, int | float) and cell > _SMALLEST and has_identity_number(cell):
            suspects[cell] = _Suspicion(has_number=True)
    return suspects


def _suspect(text: str) -> _Suspicion | None:
    has_number = len(text) >= _SHORTEST_NUMBER and has_identity_number(text)
    heading = _words().get(_fold_heading(text)) if len(text) <= _LONGEST_HEADING else None
    contact = _contact_in(text) if len(text) >= _SHORTEST_CONTACT else None
    is_name = len(text) <= _LONGEST_NAME and _is_name(text)
    return _Suspicion(has_number, heading, contact, is_name) if has_number or heading or contact or is_name else None


_suspect_remembered = lru_cache(maxsize=_REMEMBERED)(_suspect)


def _find_numbers(sheet: Sheet, suspects: _Suspects) -> Iterator[Finding]:
    if has_identity_number(sheet.name):
        yield Finding(severity_of("personal_number_unseen"), "personal_number_unseen", params={"part": scrub(sheet.name)})
    columns: set[int] = set()
    for row, column, _ in _places_of({cell for cell, suspicion in suspects.items() if suspicion.has_number}, sheet):
        if column not in columns:
            columns.add(column)
            yield _finding("personal_number", sheet, row, column)


def _places_of(wanted: Container[CellValue] | None, sheet: Sheet) -> Iterator[tuple[int, int, CellValue]]:
    """Row, column and value of the cells that hold one of these values, the hidden ones last."""
    if wanted:
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row, start=1):
                if cell is not None and cell in wanted:
                    yield number, column, cell
        yield from (place for place in sheet.hidden if place[2] in wanted)


def _find_headings(sheet: Sheet, suspects: _Suspects) -> list[_Heading]:
    meant = {cell: suspicion.heading for cell, suspicion in suspects.items() if suspicion.heading}
    return [_Heading(row, column, str(cell).strip(), *meant[cell]) for row, column, cell in _places_of(meant, sheet)]


def _find_named_columns(sheet: Sheet, headings: Sequence[_Heading]) -> Iterator[tuple[Finding, str]]:
    """The columns that hold something under a heading of names or identity numbers, each with the heading's language."""
    for heading in headings:
        first = _first_below(sheet, heading.row, heading.column)
        if heading.meant != "contact" and first and not _is_signed(sheet, heading.row):
            rule = "personal_number_column" if heading.meant == "identity" else "personal_names"
            yield _finding(rule, sheet, first, heading.column, heading=heading.text), heading.language


def _find_in_rows(sheet: Sheet, suspects: _Suspects, headings: Sequence[_Heading], rows: Sequence[Rows]) -> Iterator[Finding]:
    """Columns of names that nothing says to be such, and in rows on persons telephone numbers and addresses."""
    known = {letter: field for each in rows for field, letter in each.columns.items()}
    known |= {letter: "value" for each in rows for letter in each.source_columns if letter}
    of_persons = {number for each in rows if each.section in PERSON_SECTIONS for number in each.numbers}
    of_persons |= {row for row, _, _ in sheet.hidden} if rows else set()
    if not rows or of_persons:
        for column, row in _columns_of_names(sheet, suspects).items():
            if known.get(_letter(column), "person_ref") == "person_ref":
                yield _finding("personal_names", sheet, row, column)
    if of_persons:
        refs = {section.ref.name for section in load_sections().values() if section.ref}
        contacts = {cell: suspicion.contact for cell, suspicion in suspects.items() if suspicion.contact}
        for row, column, cell in _places_of(contacts, sheet):
            # the sender's own numbers of things may look like telephone numbers
            if row in of_persons and not (contacts[cell] == "number" and known.get(_letter(column), "") in refs):
                yield _finding("personal_contact", sheet, row, column)
        for heading in headings:
            if heading.meant == "contact" and (first := _first_below(sheet, heading.row, heading.column)) in of_persons:
                yield _finding("personal_contact", sheet, first, heading.column, heading=heading.text)


def _contact_in(text: str) -> Literal["address", "number"] | None:
    """Whether a text holds an e-mail address or a telephone number."""
    if "@" in text and _EMAIL.search(text):
        return "address"
    return "number" if _DIGITS.search(text) and (_PHONE.search(text) or _PHONE_ALONE.fullmatch(text.strip())) else None


def _columns_of_names(sheet: Sheet, suspects: _Suspects) -> dict[int, int]:
    """The columns most of whose texts are names of persons, with the row of the first."""
    named: dict[int, list[int]] = {}
    for row, column, _ in _places_of({cell for cell, suspicion in suspects.items() if suspicion.is_name}, sheet):
        named.setdefault(column, []).append(row)
    columns = {column: rows for column, rows in named.items() if len(rows) >= _NAMES_TELL}
    return {column: rows[0] for column, rows in columns.items() if 2 * len(rows) >= _count_texts(sheet, column)}


def _count_texts(sheet: Sheet, column: int) -> int:
    cells = [row[column - 1] for row in sheet.rows if column <= len(row)] + [cell for _, at, cell in sheet.hidden if at == column]
    return sum(isinstance(cell, str) and not is_blank(cell) for cell in cells)


def _is_name(text: str) -> bool:
    """Whether a text is two or three words of which the first or the last is a given name."""
    bare = text.strip()
    if not (_NAME.fullmatch(bare) and bare[0].isupper()):
        return False
    words = fold(text).split()
    return bool(words) and (words[0] in _given_names() or words[-1] in _given_names())


def _first_below(sheet: Sheet, heading: int, column: int) -> int | None:
    """The row of the first value below a heading; a number of the column, as in "(1)", is none."""
    for row in range(heading + 1, min(heading + 6, len(sheet.rows)) + 1):
        text = text_as_reported(sheet.cell(row, column)).strip()
        if text and len(text) > 3 and _fold_heading(text) not in _words():
            return row
    return next((row for row, at, _ in sheet.hidden if at == column and row > heading), None)


def _is_signed(sheet: Sheet, row: int) -> bool:
    signatures = _signatures()
    return row <= len(sheet.rows) and any(isinstance(cell, str) and fold(cell) in signatures for cell in sheet.rows[row - 1])


def _find_in_parts(content: bytes, package: Package | None, depth: int = 1) -> str | None:
    """The name of the part of a workbook that holds an identity number, also of a workbook embedded in it; None where none does."""
    if content.startswith(COMPOUND_FILE):
        return "xls" if _holds_number(io.BytesIO(content)) else None
    if not content.startswith(_ZIP):
        return None
    try:
        package = package or Package(content)
        if _holds_number(io.BytesIO(package.comment)):
            return "zip"
        for name in package.namelist():
            if not _PLAIN_PARTS.search(name) and not name.startswith("xl/media/"):
                with package.open(name) as part:
                    if _holds_number(part):
                        return scrub(name)
                if depth < _DEEPEST and _EMBEDDED.search(name) and _find_in_parts(package.read(name), None, depth + 1):
                    return scrub(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        # what cannot be looked into does not come in
        raise FileRefused("file_unreadable", name="zip", reason=str(error)) from error
    return None


def _holds_number(part: Any) -> bool:
    kept = b""
    while chunk := part.read(_CHUNK):
        # text of the binary formats has a zero byte after each digit
        bare = kept + chunk.replace(b"\0", b"")
        # a plain search for so many digits in a row comes before the pattern: it is many times as fast
        if _TWELVE_DIGITS in bare.translate(_DIGITS_AS_ZEROS) and any(
            is_identity_number(found[0].decode().zfill(13)) for found in _IN_PART.finditer(bare)
        ):
            return True
        kept = bare[-32:]
    return False


def _finding(rule: str, sheet: Sheet, row: int, column: int, **params: object) -> Finding:
    shown = {"column": _letter(column), **params}
    return Finding(severity_of(rule), rule, sheet=_name_of(sheet), cell=cell_name(row, column), row=row, params=shown)


def _name_of(sheet: Sheet) -> str:
    return scrub(sheet.name)


def _letter(column: int) -> str:
    return cell_name(1, column)[:-1]


def _plain(text: str) -> str:
    """Digits of every script as our own, and nothing between them that is not seen."""
    if text.isascii():
        return text
    digits = "".join(str(unicodedata.decimal(letter, letter)) for letter in unicodedata.normalize("NFKC", text))
    return "".join(letter for letter in digits if unicodedata.category(letter) != "Cf")


def _fold_heading(text: str) -> str:
    return fold(text.rstrip(" *:").replace("_", " "))


@cache
def _load_words() -> Mapping[str, Any]:
    words: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("personal.yml").read_text(encoding="utf-8"))
    return words


@cache
def _words() -> Mapping[str, tuple[str, str]]:
    """Folded heading → what it is of (identity, name, contact) and its language; no heading of our own forms is among them."""
    ours = {fold(text) for section in load_sections().values() for field in section.fields for text in (*field.labels.values(), *field.synonyms)}
    return {
        folded: (kind.partition("_")[0], language)
        for kind in ("contact_headings", "name_headings", "identity_headings")
        for language, headings in _load_words()[kind].items()
        for text in headings
        if (folded := fold(text)) not in ours
    }


@cache
def _signatures() -> frozenset[str]:
    return frozenset(fold(word) for word in _load_words()["signatures"])


@cache
def _given_names() -> frozenset[str]:
    return frozenset(fold(name) for line in _load_words()["given_names"] for name in line.split())
