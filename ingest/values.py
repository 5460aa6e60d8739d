"""What a cell says: parsed once, strictly, by the type of its field.

Nothing is guessed: a cell gives a value, or is blank, or says that the value is unknown, or is a problem that its sender can mend.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, lru_cache, partial
from typing import NamedTuple

from rapidfuzz import fuzz, process

from ingest.dates import FIRST_YEAR, LAST_YEAR, StatedDate, read_date, read_number_as_date
from ingest.figures import Figure, read_cell_number, read_figure
from ingest.findings import Problem
from ingest.months import write_plain
from ingest.sections import Field, fold, load_code_lists

__all__ = ["CellValue", "Parsed", "Problem", "cell_name", "is_unknown_marker", "parse", "parse_anew", "parse_with_unit", "text_as_reported"]

CellValue = str | int | float | bool | date | datetime | time | timedelta | None

LONGEST_TEXT = 2000
_NEAR = 70

# What a spreadsheet shows in place of a failed formula; LibreOffice has numbers of its own (Err:502).
_ERROR_CELL = re.compile(r"#(?:DIV/0!|N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|SPILL!|CALC!|BLOCKED!|BUSY!|CONNECT!|FIELD!|GETTING_DATA)|Err:\d{3}")
_UNKNOWN_MARKS = re.compile(r"-+|/+|\?+|\.{3,}|…|\*+")
_UNKNOWN_WORDS = re.compile(
    r"n/?a|n\.a|n/?p|n\.?d|b\.p|unknown|(?:not|no) (?:known|available|stated|data|information)|no answer"
    r"|(?:nema(?:mo|me)?|bez) (?:podata?k[aeu]?|podataka|podatok|podatoci|informacij[aeu]|informacii)"
    r"|nepoznat[aoi]?|nedost[ua]pno|(?:nije|ne e) (?:poznat|naveden|dostup|dostap)(?:n?[ao])?|ne se znae|ne zna se|ne znamo|ne navodi se"
    r"|nuk (?:dihet|njihet|e dime|ka te dhena|kemi te dhena|eshte (?:shenuar|dhene|percaktuar))|(?:s'ka|pa) te dhena|[ei] panjohur"
)
# Most texts are told from a marker by their first letter or by a digit at their end, without being written plainly.
_UNKNOWN_BEGINNINGS = frozenset("-–—−‐‑/?.…*(nusbpeinNUSBPEIнбНБ")
# The cases that follow a number, and abbreviations; the list of units has the names themselves.
_UNIT_FORMS: Mapping[str, str] = {
    form: unit
    for unit, forms in {
        "persons": "polaznika polaznica radnika radnica ucesnika ucesnica lugje rabotnici ucesnici stanovnika ziteli banore veta people",
        "households": "porodica porodice domacinstvo domacinstva domacinstava family household semejstvo domakinstvo domakjinstvo",
        "hours": "h cas casa casova sata ore",
        "days": "dan dana den dena day dite",
        "items": "kom komada parce pcs piece pieces item cope",
    }.items()
    for form in forms.split()
}
_YEAR = re.compile(r"(?:(?:godina|viti|year) )?(\d{4})\.?(?: ?(?:godina|godine|god\.?|g\.?))?")


class Parsed(NamedTuple):
    """What a cell says.

    `value` is an int (count, year), a Decimal at the column's scale (number, amount) or a text; a date has `edtf`, and `earliest` and
    `latest` where its year is stated. `qualifier` goes with count, number and amount, and so does `mark`, that of a footnote beside the figure.
    `currency` is the one written inside an amount's cell. `is_blank`: nothing in the cell; `is_unknown`: the sender says that it is not known.
    With a `problem` there is no value.
    """

    value: int | Decimal | str | None = None
    qualifier: str | None = None
    edtf: str | None = None
    earliest: date | None = None
    latest: date | None = None
    currency: str | None = None
    mark: str | None = None
    problem: Problem | None = None
    is_blank: bool = False
    is_unknown: bool = False


_BLANK = Parsed(is_blank=True)
_UNKNOWN = Parsed(is_unknown=True)


def parse(field: Field, cell: CellValue, language: str | None) -> Parsed:
    """Parse one cell of a column, in a form of the given language (None where it is not known).

    Never raises for any content of a cell. A blank cell is blank whatever the field's default: the default is the section's business.
    Problems of personal fields carry nothing of the cell.
    """
    if cell is None or cell == "":
        return _BLANK
    if isinstance(cell, str) and len(cell) > 100:
        return parse_anew(field, cell, language)
    return _parse_cached(field.type, field.codes, field.unit, field.is_personal, cell, language)


def parse_anew(field: Field, cell: CellValue, language: str | None) -> Parsed:
    """The same for a caller that itself remembers what it parsed."""
    if cell is None or cell == "":
        return _BLANK
    return _parse(field.type, field.codes, field.unit, field.is_personal, cell, language)


def parse_with_unit(field: Field, cell: CellValue, language: str | None, units: Mapping[str, str]) -> tuple[Parsed, str | None]:
    """Parse a figure that may carry a unit of its own: "34,4 %", "7.15 ‰", "1.234 дин.".

    Args:
        units: Folded words → codes of the list of units, beside that list's own words and the currencies.

    Returns:
        What the cell says, and the code of the unit written in it; None where none is.
    """
    found: list[str] = []
    # "1.234 ден." is money; who means days says so in `units`
    known = (units, _answers("currencies"), _answers("units"), _UNIT_FORMS)

    def find_unit(word: str) -> str | None:
        bare = fold(word)
        unit = "per_mille" if word == "‰" else next(filter(None, (words.get(bare) for words in known)), None)
        found.extend((unit,) if unit else ())
        return unit

    if not isinstance(cell, str):
        return parse(field, cell, language), None
    parsed = _parse_text(field.type, field.codes, field.unit, cell, language, find_unit)
    return parsed, found[-1] if found and parsed.value is not None else None


def text_as_reported(cell: CellValue) -> str:
    """The cell as its sender sees it: 12.0 → "12", dates and times in ISO 8601, a blank cell as ""."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


@lru_cache(maxsize=4096)
def cell_name(row: int, column: int) -> str:
    """The A1 name of a cell; row and column count from 1: (8, 8) → "H8"."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def is_unknown_marker(text: str) -> bool:
    """Whether the text only says that something is not known: "-", "n/a", "nema podataka", "нема податок"."""
    plain = write_plain(text)
    return (_UNKNOWN_MARKS.fullmatch(plain) or _UNKNOWN_WORDS.fullmatch(plain.strip(".() "))) is not None


def _parse(kind: str, codes: str | None, unit: str | None, is_personal: bool, cell: CellValue, language: str | None) -> Parsed:
    parsed = _parse_text(kind, codes, unit, cell, language) if isinstance(cell, str) else _parse_typed(kind, codes, unit, cell, language)
    if is_personal and parsed.problem:
        return Parsed(problem=Problem(parsed.problem.rule, {name: said for name, said in parsed.problem.params.items() if name == "limit"}))
    return parsed


# Reports repeat themselves: small counts, the same dates, the same few answers. Typed, since 1, 1.0 and TRUE are equal and not the same.
_parse_cached = lru_cache(maxsize=16_384, typed=True)(_parse)


def _parse_typed(kind: str, codes: str | None, unit: str | None, cell: CellValue, language: str | None) -> Parsed:
    if kind in ("text", "ref"):
        return _read_text(text_as_reported(cell))
    if kind == "code":
        # A tick box of a spreadsheet is TRUE or FALSE.
        return _read_code(codes, {True: "yes", False: "no"}[cell] if isinstance(cell, bool) else text_as_reported(cell), language)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if kind == "date":
            return _from_date(read_number_as_date(cell))
        if kind == "year":
            return _read_year(text_as_reported(cell))
        return _from_figure(read_cell_number(cell, kind, is_signed=_is_signed(kind, unit)))
    if isinstance(cell, date):
        if kind == "date":
            day = cell.date() if isinstance(cell, datetime) else cell
            is_plausible = FIRST_YEAR <= day.year <= LAST_YEAR
            return _from_date(StatedDate(day.isoformat(), day, day) if is_plausible else Problem("date_impossible", {"text": day.isoformat()}))
        return Parsed(problem=Problem("number_formatted_as_date", {"text": text_as_reported(cell)}))
    if isinstance(cell, time | timedelta) and kind != "date":
        return Parsed(problem=Problem("number_formatted_as_date", {"text": text_as_reported(cell)}))
    return Parsed(problem=Problem("value_of_other_type", {"text": text_as_reported(cell)}))


def _parse_text(
    kind: str, codes: str | None, unit: str | None, cell: str, language: str | None, find_unit: Callable[[str], str | None] | None = None
) -> Parsed:
    text = _clean(cell)
    if not text:
        return _BLANK
    if text.startswith(("#", "Err:")) and _ERROR_CELL.fullmatch(text):
        return Parsed(problem=Problem("error_cell", {"text": text}))
    if kind == "code":
        return _read_code(codes, text, language)
    if text[0] in _UNKNOWN_BEGINNINGS and len(text) <= 40 and not text[-1].isdigit() and is_unknown_marker(text):
        return _UNKNOWN
    if kind in ("text", "ref"):
        return _read_text(text)
    if kind == "date":
        return _from_date(read_date(text, language))
    if kind == "year":
        return _read_year(text)
    return _from_figure(read_figure(text, kind, language, _is_signed(kind, unit), find_unit or partial(_find_unit, kind, unit)))


def _clean(text: str) -> str:
    """Without control and format characters (they can reorder what a reader sees), and with single blanks."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " if letter.isspace() else "" for letter in text)
    text = " ".join(text.split())
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _read_text(text: str) -> Parsed:
    if len(text) > LONGEST_TEXT:
        return Parsed(problem=Problem("text_too_long", {"limit": LONGEST_TEXT}))
    return Parsed(text)


def _read_year(text: str) -> Parsed:
    found = _YEAR.fullmatch(write_plain(text))
    if not found:
        return Parsed(problem=Problem("year_unreadable", {"text": text}))
    if not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return Parsed(problem=Problem("year_impossible", {"value": found[1]}))
    return Parsed(value=int(found[1]))


def _read_code(codes: str | None, text: str, language: str | None) -> Parsed:
    answers = _answers(codes or "")
    folded = fold(text)
    if code := answers.get(folded):
        return Parsed(value=code)
    if is_unknown_marker(text):
        return _UNKNOWN
    labels = {code: labels[language or "en"] for code, labels in load_code_lists()[codes or ""].codes.items()}
    nearest = process.extractOne(folded, answers.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
    near = labels[answers[nearest[0]]] if nearest else None
    return Parsed(problem=Problem("code_unknown", {"text": text, "nearest": near, "allowed": tuple(labels.values())}))


@cache
def _answers(codes: str) -> Mapping[str, str]:
    """Folded code, label in any language or synonym → code. The loader refuses a list in which one text means two codes."""
    code_list = load_code_lists()[codes]
    return {fold(text): code for code, labels in code_list.codes.items() for text in (code, *labels.values(), *code_list.synonyms.get(code, ()))}


def _find_unit(kind: str, unit: str | None, word: str) -> str | None:
    """The currency of an amount, or the unit of the column, where the word names it. Another unit is none: families are not persons."""
    bare = fold(word)
    if kind == "amount":
        return find_currency(word)
    named = "percent" if word == "‰" else _UNIT_FORMS.get(bare) or _answers("units").get(bare)
    return named if named and (named == unit or (named == "percent" and kind == "number" and unit is None)) else None


def find_currency(words: str) -> str | None:
    """The code of the currency that a word names, or several: "din.", "EUR", "евра", "$", "švajcarskih franaka"."""
    return _answers("currencies").get(fold(words))


def words_of_currencies() -> frozenset[str]:
    """All that names a currency, folded."""
    return frozenset(_answers("currencies"))


def _is_signed(kind: str, unit: str | None) -> bool:
    # Persons, hours and money are never negative; a measure without a unit of its own (natural increase, a balance) may be.
    return kind == "number" and unit is None


def _from_figure(read: Figure | Problem) -> Parsed:
    if isinstance(read, Problem):
        return Parsed(problem=read)
    return Parsed(value=read.value, qualifier=read.qualifier, currency=read.currency, mark=read.mark)


def _from_date(read: StatedDate | Problem) -> Parsed:
    if isinstance(read, Problem):
        return Parsed(problem=read)
    return Parsed(edtf=read.edtf, earliest=read.earliest, latest=read.latest)
