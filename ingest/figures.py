"""Numbers as people write them: "1.234,5", "oko 30", "30+", "триесетина", "1.200 din.".

Read strictly and once: what has two readings is refused with both, and nothing is rounded but the digits of a formula beyond the column's scale.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from ingest.dates import LOCAL_LANGUAGES
from ingest.findings import Problem
from ingest.months import write_plain

# A trillion of anything: no municipality has that, and larger numbers would not fit the columns.
_LIMIT = Decimal(10) ** 12
_SCALES = {"number": Decimal("0.0001"), "amount": Decimal("0.01")}
# Formulas leave noise such as 2.9999999999 in a whole number.
_NOISE = Decimal("1e-9")
_LONGEST = 80

# What stands before a number, plain. "above" and "below" exclude the number itself.
_BEFORE = {
    "about": "oko|otprilike|priblizno|okvirno|skoro|cirka|circa|cca|ca|okolu|recisi|approximately|approx|about|around|almost|nearly|roughly"
    "|rreth|perafersisht|afersisht|~|≈",
    "at_least": "najmanje|barem|bar|minimalno|minimum|min|najmalku|at least|no fewer than|no less than|te pakten|se paku|>=|≥",
    "at_most": "do|najvise|najvise do|maksimalno|maksimum|maximum|max|najmnogu|najmnogu do|up to|at most|no more than|deri|deri ne|me se shumti|<=|≤",
    "above": "preko|preku|vise od|iznad|nad|povekje od|poveke od|more than|over|above|me shume se|mbi|>",
    "below": "manje od|ispod|pod|pomalku od|less than|fewer than|under|below|me pak se|nen|<",
}
_MEANING_BEFORE: Mapping[str, str] = {word: meaning for meaning, words in _BEFORE.items() for word in words.split("|")} | {"": "exact"}
_MEANING_AFTER: Mapping[str, str] = dict.fromkeys(
    ("+", "i vise", "ili vise", "i povekje", "ili povekje", "or more", "and more", "e lart", "ose me shume"), "at_least"
) | dict.fromkeys(("ak", "-ak", "tak", "-tak", "tina", "-tina", "otprilike", "priblizno", "cca", "approx", "okvirno", "perafersisht"), "about")

# "tridesetak", "триесетина": a round number, about.
_ROUND_WORDS: Mapping[str, int] = {
    "desetak": 10, "petnaestak": 15, "dvadesetak": 20, "tridesetak": 30, "cetrdesetak": 40, "pedesetak": 50, "sezdesetak": 60,
    "sedamdesetak": 70, "osamdesetak": 80, "devedesetak": 90, "stotinak": 100, "stotinjak": 100, "dvestotinak": 200, "dvestotinjak": 200,
    "desetina": 10, "petnaesetina": 15, "dvaesetina": 20, "triesetina": 30, "cetiriesetina": 40, "pedesetina": 50, "seesetina": 60,
    "sedumdesetina": 70, "osumdesetina": 80, "devedesetina": 90, "stotina": 100, "dvestotini": 200,
}  # fmt: skip

# What may be zero and may be unknown.
_NONE = re.compile(r"ne(?:ma|mame|mamo|mase|malo)?(?: ih| gi| takvih| takvi)?|nije(?: ih)? bilo|none|no|jo|nuk (?:ka|kemi|kishte|pati)|s'ka")

_WITH_DIGITS = re.compile(r"(?P<before>\D*?) ?(?P<digits>[+-]?\d(?:[\d., ]*\d)?(?:[.,]-+|\.)?) ?(?P<after>\D*)")
_WITH_WORD = re.compile(rf"(?:(?P<before>.*) )?(?P<word>{'|'.join(_ROUND_WORDS)})(?: (?P<after>.*))?")

_BY_BLANKS = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?")
_BY_MARKS = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,}")
_ONE_MARK = re.compile(r"(\d+)([.,])(\d+)")

# The mark of a footnote, after the number or after the unit beside it: "3*", "30 *", "12* lica", "12 lica¹".
_MARK = r"\*{1,3}|[†‡]{1,2}|[¹²³⁴-⁹]{1,2}\)?"
_BESIDE_FIGURE = re.compile(rf"(?<=\d) ?({_MARK})(?= |$)|(?<=[^\W\d_]|[%‰€$£.]) ?({_MARK})$")


@dataclass(frozen=True)
class Figure:
    """A number with its qualifier (exact, about, at_least, at_most), and the currency and the mark of a footnote written beside it."""

    value: int | Decimal
    qualifier: str = "exact"
    currency: str | None = None
    mark: str | None = None


def read_cell_number(number: float, kind: str, is_signed: bool) -> Figure | Problem:
    """A number of the spreadsheet itself, for a column of kind count, number or amount."""
    value = Decimal(repr(number))
    if not value.is_finite():
        return Problem("number_unreadable", {"text": str(number)})
    return _settle(value, kind, is_signed)


def read_figure(text: str, kind: str, language: str | None, is_signed: bool, find_unit: Callable[[str], str | None]) -> Figure | Problem:
    """A number written as text, in a form of the given language (None: not known).

    In Serbian, Macedonian and Albanian "1.234" is a whole number and "1,5" a fraction, in English the other way round; where the
    language does not tell, what can be read both ways is refused. So is "1,234" as Serbian persons or money: nobody counts them in thousandths.
    "more than 30" is at least 31 of what is counted whole; of hours or money the bound itself is the best that is known.
    The mark of a footnote, as in "3*", is taken off; whether the note changes the figure is for who knows the sheet.
    `find_unit` gives the currency, or the unit of the column, that a word beside the number names, or None for any other word.
    Problems: number_unreadable, none_or_unknown, number_ambiguous, number_negative, number_not_whole, number_too_large.
    """
    plain, mark = _take_mark(write_plain(text))
    unreadable = Problem("number_unreadable", {"text": text})
    found = (_WITH_DIGITS.fullmatch(plain) or _WITH_WORD.fullmatch(plain)) if len(plain) <= _LONGEST else None
    if not found:
        return Problem("none_or_unknown", {"text": text}) if _NONE.fullmatch(plain.rstrip(".! ")) else unreadable
    parts = found.groupdict()
    before, unit_before = _take_unit(parts["before"] or "", find_unit)
    after, meaning_after = _take_meaning(parts["after"] or "")
    unit_after = find_unit(after) if after else None
    meaning_before = _MEANING_BEFORE.get(before.rstrip(". "))
    # ".5" is no five
    is_cut = bool(before) and not before.strip(". ,")
    if meaning_before is None or is_cut or (after and not unit_after) or (unit_before and unit_after):
        return unreadable
    meanings = {meaning_before, meaning_after, "about" if "word" in parts else "exact"} - {"exact"}
    if len(meanings) > 1:
        return unreadable
    value = Decimal(_ROUND_WORDS[parts["word"]]) if "word" in parts else _read_digits(parts["digits"], kind, language)
    if value is None:
        return unreadable
    if isinstance(value, tuple):
        return Problem("number_ambiguous", {"text": text, "reading_1": value[0], "reading_2": value[1]})
    meaning = meanings.pop() if meanings else "exact"
    if meaning in ("above", "below"):
        step = (1 if meaning == "above" else -1) if kind == "count" else 0
        value, meaning = value + step, {"above": "at_least", "below": "at_most"}[meaning]
    settled = _settle(value, kind, is_signed, meaning, unit_before or unit_after if kind == "amount" else None)
    return replace(settled, mark=mark) if mark and isinstance(settled, Figure) else settled


def _take_mark(plain: str) -> tuple[str, str | None]:
    """A figure's plain text without the mark of a footnote, and the mark; None where there is none, or more than one."""
    found = list(_BESIDE_FIGURE.finditer(plain))
    if len(found) != 1:
        return plain, None
    (mark,) = found
    return plain[: mark.start()] + plain[mark.end() :], mark[1] or mark[2]


def _take_unit(before: str, find_unit: Callable[[str], str | None]) -> tuple[str, str | None]:
    """Split "oko €" into what qualifies and the unit."""
    words = before.split(" ")
    unit = find_unit(words[-1]) if words[-1] else None
    return (" ".join(words[:-1]), unit) if unit else (before, None)


def _take_meaning(after: str) -> tuple[str, str]:
    """Split "porodica i vise" into the unit and what qualifies."""
    bare = after.strip(" ,")
    for words, meaning in _MEANING_AFTER.items():
        if bare == words:
            return "", meaning
        if bare.startswith(f"{words} "):
            return bare.removeprefix(words).strip(), meaning
        if bare.endswith(f" {words}"):
            return bare.removesuffix(words).strip(), meaning
    return bare, "exact"


def _read_digits(digits: str, kind: str, language: str | None) -> Decimal | tuple[Decimal, Decimal] | None:
    """The number, its two readings, or None."""
    sign = -1 if digits.startswith("-") else 1
    # "1.200,-" and "1200.-" are amounts without small change; "30." is how an ordinal or a tired hand ends.
    bare = re.sub(r"[.,]-+$", "", digits).lstrip("+-").rstrip(".")
    if bare.isdecimal():
        return sign * Decimal(bare)
    if _BY_BLANKS.fullmatch(bare):
        return sign * Decimal(bare.replace(" ", "").replace(",", "."))
    if _BY_MARKS.fullmatch(bare):
        marks = [mark for mark in bare if mark in ".,"]
        whole = bare.replace(marks[0], "")
        return sign * Decimal(whole.replace(",", "."))
    found = _ONE_MARK.fullmatch(bare)
    if not found:
        return None
    whole, mark, rest = found.groups()
    as_fraction = sign * Decimal(f"{whole}.{rest}")
    if len(rest) != 3 or len(whole) > 3 or whole.startswith("0"):
        return as_fraction
    as_thousands = sign * Decimal(whole + rest)
    decimal_mark = {"en": "."}.get(language or "", "," if language in LOCAL_LANGUAGES else "")
    if decimal_mark and mark != decimal_mark:
        return as_thousands
    return as_fraction if decimal_mark and kind == "number" else (as_thousands, as_fraction)


def _settle(value: Decimal, kind: str, is_signed: bool, qualifier: str = "exact", currency: str | None = None) -> Figure | Problem:
    if abs(value) >= _LIMIT:
        return Problem("number_too_large")
    settled: int | Decimal
    if kind == "count":
        settled = int(value.to_integral_value(ROUND_HALF_UP))
        if abs(value - settled) > _NOISE:
            return Problem("number_not_whole", {"value": value})
    else:
        settled = value.quantize(_SCALES[kind], ROUND_HALF_UP)
    if settled < 0 and not is_signed:
        return Problem("number_negative", {"value": value})
    # Minus zero is zero.
    return Figure(settled or settled.copy_abs() if isinstance(settled, Decimal) else settled, qualifier, currency)
