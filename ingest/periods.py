"""The period a report is about, in the forms in which people write it.

`period_id` is `2024-03`, `2024-Q1`, `2024-H1`, `2024`, a free range `2022-06/2022-09`, the same with XXXX where no year is stated, or `not-stated`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from ingest.dates import StatedDate, read_date, read_number_as_date, state_date
from ingest.findings import Problem
from ingest.months import write_plain
from ingest.values import CellValue, is_unknown_marker, text_as_reported

NOT_STATED = "not-stated"


@dataclass(frozen=True)
class Period:
    """A period by its id, with its first and last day; both null where no year, or nothing, is stated."""

    period_id: str
    start: date | None
    end: date | None


_NOT_STATED = re.compile(r"not[- ]stated|(?:period |periodot |periudha )?(?:nije|ne e|nuk eshte) (?:naveden[oa]?|shenuar)|nenaveden[oa]?")

_ORDINALS = {
    1: "1 i prvi prva prvo prv first 1st pare",
    2: "2 ii drugi druga drugo vtor vtora vtoro second 2nd dyte",
    3: "3 iii treci treca trece tret treta treto third 3rd trete",
    4: "4 iv cetvrti cetvrta cetvrto cetvrt fourth 4th katert",
}
_ORDINAL = {word: number for number, words in _ORDINALS.items() for word in words.split()}
_QUARTER = re.compile(r"q|tm|kv|kvartal(?:a|ot)?|tro(?:m|mj)esecj[ea]|trimesecj[ea]|(?:tro|tri)mesecie(?:to)?|quarter|tremujori?")
_HALF = re.compile(r"h|polugodist[ea]|polugodj[ea]|pol(?:u)?godi[ea](?:to)?|polovina|half|semest(?:ar|er|ri)|gjashtemujori?")
_FILLER = re.compile(r"godin[eau](?:ta)?|god|g|vitit?|year|of|the|te|ne|na|od|za|for|u|vo|per|in|period(?:ot)?|periudha|izvestajni")
_WORDS = re.compile(r"\d+(?:st|nd|rd|th)\b|\d+|[a-z]+")

_ROMAN_MONTHS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12}
# "I-III 2024", "IV - VI mesec 2024. g.", "1-3/2024": the first and the last month, by their numbers.
_MONTHS_BY_NUMBER = re.compile(r"([ivx]+|\d{1,2})\.? ?- ?([ivx]+|\d{1,2})[./ ]+(?:mesec[ia]?[./ ]+)?(\d{4})\.?(?: ?(?:god(?:ine|ina|inu|\.)?|g\.?))?")
# "III/2024" is March in one office and the third quarter in the next; "V/2024" can only be May.
_MONTH_OR_QUARTER = re.compile(r"([ivx]+)\.? ?[/. -] ?(\d{4})\.?(?: ?(?:god(?:ine|ina|inu|\.)?|g\.?))?")

_INTRODUCED = re.compile(
    r"^(?:(?:godisnji|godisen|annual|raporti vjetor) (?:izvestaj |report )?)?"
    r"(?:(?:za |for |per |u |vo |ne |in the )?(?:izvestajni )?(?:period|periodu|periodot|periudha|periudhen)[: ] ?)?(?:(?:od|from|nga|za|for|per) )?"
)
_UNTIL = r" (?:do|to|until|till|deri(?: vo| na| ne| me)?|zaklucno so|zakljucno sa) "
_BETWEEN = tuple(re.compile(between) for between in (r" ?/ ?", r" - ", _UNTIL, r" ?- ?"))
# What joins the quarters, half-years and months of a list, and the ends of a range: "1. i 2. kvartal 2024", "Q1-Q2 2024".
_LISTED = re.compile(r",? (?:i|and|dhe|e) |, ?| ?\+ ?| ?& ?")
_RANGED = re.compile(r" ?[-/] ?| (?:do|to|until|till|deri(?: ne)?|zaklucno so|zakljucno sa) ")
_KIND_WORD = re.compile(rf"\b(?:{_QUARTER.pattern}|{_HALF.pattern})\b|\b(?:[qh]|tm)(?=[1-4]\b)")
_OWN_YEAR = re.compile(r"\b\d{4}\b")


def parse_period(cell: CellValue, language: str | None) -> Period | Problem:
    """Read a period from a cell or a command's option, in a form of the given language.

    Months, quarters, half-years and years in words or as ids, several of them together ("Q1-Q2 2024", "I, II i III kvartal 2024"), free ranges by
    months, years or days. A single day is no period: in a
    spreadsheet "mar 2024" turns into one by itself. Problems: period_missing, period_unreadable, period_ambiguous, date_ambiguous, date_impossible.
    """
    text = " ".join(text_as_reported(cell).split())
    if not text:
        return Problem("period_missing")
    plain = write_plain(text)
    if is_unknown_marker(text) or _NOT_STATED.fullmatch(plain.rstrip(".")):
        return Period(NOT_STATED, None, None)
    unreadable = Problem("period_unreadable", {"text": text})
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _take_single(read_number_as_date(cell)) or unreadable
    if not isinstance(cell, str) or len(text) > 100:
        return unreadable
    plain = _INTRODUCED.sub("", plain)
    if found := _MONTH_OR_QUARTER.fullmatch(plain):
        return _read_roman(text, found[1], int(found[2])) or unreadable
    single = _read_part_of_year(plain) or _take_single(read_date(plain, language))
    return single or _read_range(plain, language) or _read_parts(plain, language) or unreadable


def canonical(period: Period) -> Period:
    """The same period under its shortest id: a range that is exactly a month, a quarter, a half-year or a year is called so."""
    if period.start is None or period.end is None:
        return period
    return _between_days(period.start, period.end)


def _read_part_of_year(plain: str) -> Period | None:
    """Quarters and half-years: "I kvartal 2024.", "Q1 2024", "2024-Q1", "прво полугодие 2024"; without a year a range of months."""
    words = [word for word in _WORDS.findall(re.sub(r"\b([qh]|tm)([1-4])\b", r"\1 \2", plain)) if not _FILLER.fullmatch(word)]
    years = [int(word) for word in words if re.fullmatch(r"\d{4}", word)]
    kinds = [3 if _QUARTER.fullmatch(word) else 6 for word in words if _QUARTER.fullmatch(word) or _HALF.fullmatch(word)]
    # "tremujori i pare": in Albanian "i" only joins the two.
    if any(word in ("pare", "dyte", "trete", "katert") for word in words):
        words = [word for word in words if word != "i"]
    ordinals = [_ORDINAL[word] for word in words if word in _ORDINAL]
    if len(kinds) != 1 or len(ordinals) != 1 or len(years) > 1 or len(words) != 2 + len(years) or ordinals[0] * kinds[0] > 12:
        return None
    last_month = ordinals[0] * kinds[0]
    first, last = (state_date(years[0] if years else None, month) for month in (last_month - kinds[0] + 1, last_month))
    return _join(first, last) if first and last else None


def _take_single(stated: StatedDate | Problem | None) -> Period | None:
    """A month or a year; a day is no period."""
    if not isinstance(stated, StatedDate) or not re.fullmatch(r"\d{4}(-\d\d)?|XXXX-\d\d", stated.edtf):
        return None
    return Period(stated.edtf, stated.earliest, stated.latest)


def _read_roman(text: str, numeral: str, year: int) -> Period | Problem | None:
    """A Roman number before a year: a month, and up to IV a quarter too."""
    number = _ROMAN_MONTHS.get(numeral)
    month = _take_single(state_date(year, number)) if number else None
    if number is None or number > 4 or month is None:
        return month
    quarter = _read_part_of_year(f"q{number} {year}")
    return Problem("period_ambiguous", {"text": text, "reading_1": month.period_id, "reading_2": quarter.period_id if quarter else None})


def _read_range(plain: str, language: str | None) -> Period | Problem | None:
    if found := _MONTHS_BY_NUMBER.fullmatch(plain):
        months = [int(number) if number.isdecimal() else _ROMAN_MONTHS.get(number, 0) for number in found.groups()[:2]]
        ends = [state_date(int(found[3]), month) for month in months]
        return _join(ends[0], ends[1]) if ends[0] and ends[1] else None
    problem = None
    for between in _BETWEEN:
        parts = between.split(plain)
        if len(parts) != 2:
            continue
        first, last = (read_date(part.strip(), language) for part in parts)
        if isinstance(first, StatedDate) and isinstance(last, StatedDate):
            return _join(first, last)
        said = [end for end in (first, last) if isinstance(end, Problem) and end.rule in ("date_ambiguous", "date_impossible")]
        problem = problem or (said[0] if said else None)
    return problem


def _read_parts(plain: str, language: str | None) -> Period | None:
    """Several quarters, half-years or months, as a list without gaps or as a range: "Q1-Q2 2024", "I, II i III kvartal 2024".

    What kind they are and the year may be said once, with the first or with the last of them.
    """
    # an id is not torn in two
    plain = re.sub(r"\b(\d{4})-([qh][1-4])\b", r"\1 \2", plain)
    for between in (_LISTED, _RANGED):
        for texts in _divided(plain, between):
            parts = [_read_part(text, texts, language) for text in texts]
            known = [part for part in parts if part]
            if len(known) < len(parts) or (between is _RANGED and len(parts) > 2):
                continue
            if between is _RANGED or all(_is_next(before, after) for before, after in pairwise(known)):
                return _span(known[0], known[-1])
    return None


def _divided(plain: str, between: re.Pattern[str]) -> Iterator[list[str]]:
    """The text divided at each thing between parts, then at one alone: in "I i II" and in Albanian, "i" may be a part itself."""
    yield from (parts for parts in [between.split(plain)] if len(parts) > 1)
    for found in between.finditer(plain, 1):
        yield [plain[: found.start()], plain[found.end() :]]


def _read_part(text: str, texts: Sequence[str], language: str | None) -> Period | None:
    """A part, with the kind and the year that only another part says."""
    said = [each for each in (texts[-1], texts[0]) if each != text]
    # "2024 Q1-Q2" and "Q1-Q2 2024", but "jun 2022 - septembar" may be any September
    year = _OWN_YEAR.search(texts[-1]) or _OWN_YEAR.match(texts[0])
    if year and not _OWN_YEAR.search(text):
        text = f"{text} {year[0]}"
    if not _KIND_WORD.search(text) and (kind := next(filter(None, map(_KIND_WORD.search, said)), None)):
        text = f"{kind[0]} {text}"
    return _read_part_of_year(text) or _take_single(read_date(text.strip(), language))


def _is_next(before: Period, after: Period) -> bool:
    """Whether one period begins where the other ends; without a year, by its months."""
    if before.end and after.start:
        return before.end + timedelta(days=1) == after.start
    months = [re.findall(r"XXXX-(\d\d)", each.period_id) for each in (before, after)]
    return bool(months[0] and months[1]) and int(months[0][-1]) + 1 == int(months[1][0])


def _span(first: Period, last: Period) -> Period | None:
    """From the beginning of one period to the end of another."""
    if first.start and last.end:
        return _between_days(first.start, last.end) if first.start < last.end and first != last else None
    ends = first.period_id.split("/")[0], last.period_id.split("/")[-1]
    is_rising = not (first.start or last.end) and ends[0] < ends[1]
    return Period("/".join(ends), None, None) if is_rising else None


def _join(first: StatedDate, last: StatedDate) -> Period | None:
    """A range from its two ends; "jun - septembar 2022" says the year once, at its end."""
    if first.edtf.startswith("XXXX") and last.earliest:
        month, _, day = first.edtf.removeprefix("XXXX-").partition("-")
        first = state_date(last.earliest.year, int(month), int(day) if day else None) or first
    if not all(re.fullmatch(r"(\d{4}|XXXX)(-\d\d){0,2}", end.edtf) for end in (first, last)):
        return None
    if first.earliest and last.latest:
        return _between_days(first.earliest, last.latest) if first.earliest <= last.latest else None
    if first.earliest or last.earliest:
        return None
    is_one_month = first == last and len(first.edtf) == len("XXXX-06")
    return Period(first.edtf if is_one_month else f"{first.edtf}/{last.edtf}", None, None)


def _between_days(start: date, end: date) -> Period:
    after = end + timedelta(days=1)
    is_whole_months = start.day == 1 and after.day == 1
    months = (after.year - start.year) * 12 + after.month - start.month
    if not is_whole_months:
        period_id = f"{start}/{end}"
    elif start.month == 1 and end.month == 12:
        period_id = f"{start.year}" if start.year == end.year else f"{start.year}/{end.year}"
    elif months == 1:
        period_id = f"{start:%Y-%m}"
    elif months in (3, 6) and (start.month - 1) % months == 0:
        period_id = f"{start.year}-{'Q' if months == 3 else 'H'}{start.month // months + 1}"
    else:
        period_id = f"{start:%Y-%m}/{end:%Y-%m}"
    return Period(period_id, start, end)
