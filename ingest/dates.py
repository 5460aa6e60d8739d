"""Dates as people write them, kept as exactly as they are stated (EDTF, https://www.loc.gov/standards/datetime/).

"13.11.2015." is a day, "maj 2021" a month, "2021" a year; "3. oktobar" is XXXX-10-03: a day of a year that is not stated.
"""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from ingest.findings import Problem
from ingest.months import MONTHS, write_plain

FIRST_YEAR, LAST_YEAR = 1990, 2100
# Languages whose forms write day before month, and a comma before decimals.
LOCAL_LANGUAGES = ("sr-Latn", "sr-Cyrl", "mk", "sq")

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

# What may stand around a date without changing it: "u maju 2021. godine", "на 3 октомври", "13.11.2015 10:30".
_AROUND = re.compile(
    r"^(?:(?:dana|dena|datum|u|vo|na|ne|me|in|on|the|godina|viti|vitit|year|muaji|mesec|month of) )+"
    r"|,? ?(?:godine|godina|godinu|godinata|godini|god\.?|g\.|viti)$"
    r"|(?:[ t]|, )\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)? ?h?$"
)
# "početkom maja 2021" is known to the month: the part of it has no exact days.
_PART = re.compile(
    r"^(?:pocetkom|pocetak|pocetokot|pocetok|krajem|kraj|krajot|sredinom|sredina|sredinata|polovinom|early|late|mid|beginning|start|end|middle"
    r"|tokom|toku|tek|during|gjate|fillim|fillimi|fillimin|fund|fundi|fundin|mes|mesi|mesin)(?: (?:na|od|of|te|i|ne))?[ -]"
)

_YEAR_FIRST = re.compile(r"(\d{4})(?:([-./]) ?(\d{1,2})(?:\2 ?(\d{1,2}))?)?\.?")
_DAY_FIRST = re.compile(r"(\d{1,2}) ?([-./]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})\.?")
_MONTH_FIRST = re.compile(r"(\d{1,2}) ?[-./] ?(\d{4})\.?")
_DAY_WITHOUT_YEAR = re.compile(r"(\d{1,2})\. ?(\d{1,2})\.")
_ROMAN_MONTH = re.compile(rf"(\d{{1,2}})\.? ?({'|'.join(sorted(_ROMAN, key=len, reverse=True))})\.? ?(\d{{4}})\.?")
_NAMED = re.compile(rf"(?:(\d{{1,2}})(?:\.|-?(?:st|nd|rd|th|ti|vi|ri|mi))? ?(?:of |te )?)?({_MONTH})\b[.,]? ?(\d{{4}})?\.?")
# Without a year "May 21" may be a month of 2021.
_NAMED_AMERICAN = re.compile(rf"({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})")
_EDTF = re.compile(r"(\d{4}|\d{3}x|\d\dxx|xxxx)(?:-(\d\d|xx)(?:-(\d\d|xx))?)?[?~%]?", re.ASCII)
_ONE_OF_MANY = re.compile(
    rf"\d{{1,2}}[./-] ?\d{{1,2}}[./-] ?\d{{4}}"
    rf"|\d{{4}}-\d{{1,2}}(?:-\d{{1,2}})?\b|\d{{1,2}}\. ?\d{{1,2}}\.|\b(?:{_MONTH})\b(?:[.,]? \d{{4}}\b)?|\b\d{{4}}\b"
)

_EXCEL_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class StatedDate:
    """A date as EDTF text, with the first and last day it can mean; both null where no year is stated."""

    edtf: str
    earliest: date | None
    latest: date | None


def state_date(year: int | None, month: int | None = None, day: int | None = None) -> StatedDate | None:
    """A date of the given precision, or None where there is no such day or its year is not plausible (1990–2100)."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    last = 31 if month is None else calendar.monthrange(year or 2000, month)[1]
    if day is not None and not 1 <= day <= last:
        return None
    edtf = "XXXX" if year is None else f"{year}"
    edtf += "" if month is None else f"-{month:02}"
    edtf += "" if day is None else f"-{day:02}"
    if year is None:
        return StatedDate(edtf, None, None)
    return StatedDate(edtf, date(year, month or 1, day or 1), date(year, month or 12, day or last))


def read_number_as_date(number: float) -> StatedDate | Problem:
    """A bare number in a column of dates: 2021 is a year and 11.2015 a month; 44562 may be a day whose format was lost, and is asked about."""
    whole = int(number) if math.isfinite(number) and number == int(number) else None
    if whole is not None and FIRST_YEAR <= whole <= LAST_YEAR:
        return StatedDate(str(whole), date(whole, 1, 1), date(whole, 12, 31))
    text = str(number if whole is None or abs(whole) >= 10**15 else whole)
    if re.fullmatch(r"\d{1,2}\.\d{4}", text):
        return read_date(text, None)
    reading = _EXCEL_EPOCH + timedelta(days=int(number)) if 0 < number < 100_000 else None
    is_plausible = reading is not None and FIRST_YEAR <= reading.year <= LAST_YEAR
    return Problem("date_unreadable", {"text": text, "reading": reading if is_plausible else None})


@lru_cache(maxsize=20_000)
def read_date(text: str, language: str | None) -> StatedDate | Problem:
    """A date written as text.

    Day and month as the form's language orders them: in an English form, or one of unknown language, 03/04/2022 is ambiguous.
    Problems: date_unreadable, date_ambiguous, date_impossible, two_dates.
    """
    plain = write_plain(text)
    while (bare := _AROUND.sub("", plain).strip()) != plain:
        plain = bare
    of_part = _PART.sub("", plain)
    if of_part != plain:
        # Only a month or a year has a beginning, a middle and an end.
        stated = _read_plain(of_part, text, language)
        return stated if isinstance(stated, StatedDate) and len(stated.edtf) < 10 else Problem("date_unreadable", {"text": text})
    return _read_plain(plain, text, language)


def _read_plain(plain: str, text: str, language: str | None) -> StatedDate | Problem:
    if found := _YEAR_FIRST.fullmatch(plain):
        return _state_or_refuse(text, found[1], found[3], found[4])
    if found := _DAY_FIRST.fullmatch(plain):
        return _read_day_first(found, text, language)
    if found := _MONTH_FIRST.fullmatch(plain):
        return _state_or_refuse(text, found[2], found[1])
    if found := _DAY_WITHOUT_YEAR.fullmatch(plain):
        return _state_or_refuse(text, None, found[2], found[1])
    if found := _ROMAN_MONTH.fullmatch(plain):
        return _state_or_refuse(text, found[3], _ROMAN[found[2]], found[1])
    if found := _NAMED.fullmatch(plain):
        return _state_or_refuse(text, found[3], MONTHS[found[2]], found[1])
    if found := _NAMED_AMERICAN.fullmatch(plain):
        return _state_or_refuse(text, found[3], MONTHS[found[1]], found[2])
    if found := _EDTF.fullmatch(plain):
        return _read_edtf(found, plain.upper(), text)
    return Problem("two_dates" if len(_ONE_OF_MANY.findall(plain)) > 1 else "date_unreadable", {"text": text})


def _read_day_first(found: re.Match[str], text: str, language: str | None) -> StatedDate | Problem:
    first, separator, second, year = int(found[1]), found[2], int(found[3]), found[4]
    is_local = language in LOCAL_LANGUAGES
    if len(year) == 2:
        # 13.11.21. is everyday writing here; no report is of another century.
        if not is_local or separator == "-" or int(year) >= 50:
            return Problem("date_unreadable", {"text": text})
        year = f"20{year}"
    # Dots are nowhere put between month and day in that order.
    if is_local or separator == ".":
        return _state_or_refuse(text, year, second, first)
    day_first, month_first = state_date(int(year), second, first), state_date(int(year), first, second)
    if day_first and month_first and day_first != month_first:
        return Problem("date_ambiguous", {"text": text, "reading_1": day_first.earliest, "reading_2": month_first.earliest})
    return day_first or month_first or Problem("date_impossible", {"text": text})


def _state_or_refuse(text: str, year: str | None, month: str | int | None = None, day: str | int | None = None) -> StatedDate | Problem:
    stated = state_date(int(year) if year else None, int(month) if month else None, int(day) if day else None)
    return stated or Problem("date_impossible", {"text": text})


def _read_edtf(found: re.Match[str], edtf: str, text: str) -> StatedDate | Problem:
    year, month, day = found.groups()
    if year == "xxxx":
        return _state_or_refuse(text, None, month, day) if month and "xx" not in (month, day) else Problem("date_unreadable", {"text": text})
    first = state_date(int(year.replace("x", "0")), *(1 if part == "xx" else int(part) for part in (month, day) if part))
    last_month = 12 if month == "xx" else month
    last = state_date(int(year.replace("x", "9")), *(int(part) for part in (last_month, None if day == "xx" else day) if part))
    return StatedDate(edtf, first.earliest, last.latest) if first and last else Problem("date_impossible", {"text": text})
