"""An answer as text: a table to read, CSV for a spreadsheet, JSON for a program."""

import csv
import io
import json
import math
import unicodedata
from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from munimon.formulas import keep_text
from munimon.settings import MunimonError
from publish.queries import Answer, QueryRefused

Format = Literal["table", "csv", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)


def format_named(text: str) -> Format:
    """The format of that name.

    Raises:
        MunimonError: If there is none.
    """
    for known in FORMATS:
        if known == text:
            return known
    raise MunimonError(f"--format: '{text}' is not known; use {', '.join(FORMATS)}")


def write_answer(answer: Answer, form: Format) -> str:
    """Lay an answer out; the text ends with a line break.

    Raises:
        QueryRefused: If JSON is wanted and two columns have one name: an object could hold only one of them.
    """
    match form:
        case "json":
            return _write_json(answer)
        case "csv":
            return _write_csv(answer)
        case "table":
            return _write_table(answer)


def _write_json(answer: Answer) -> str:
    """A list of objects: integers as numbers, decimals as text at full scale, dates and times as ISO 8601."""
    twice = [name for name, count in Counter(answer.columns).items() if count > 1]
    if twice:
        raise QueryRefused(f"sql: two columns are named '{twice[0]}'; give each a name of its own with AS")
    rows = [dict(zip(answer.columns, map(_plain, row), strict=True)) for row in answer.rows]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _write_csv(answer: Answer) -> str:
    """Comma-separated, one header line. Text that a spreadsheet would run as a formula is led by a single quote; numbers are never changed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(keep_text(name) for name in answer.columns)
    writer.writerows([_cell(value) for value in row] for row in answer.rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    return keep_text(value) if isinstance(value, str) else _show(value)


def _write_table(answer: Answer) -> str:
    """Columns set side by side for a reader, numbers to the right; nothing is cut off, and letters that a terminal would obey are shown as codes."""
    cells = [[_escape_controls(_show(value)) for value in row] for row in answer.rows]
    columns = [_escape_controls(name) for name in answer.columns]
    widths = [max(map(_width, column)) for column in zip(columns, *cells, strict=True)]
    to_the_right = [bool(answer.rows) and all(_is_number(row[place]) for row in answer.rows) for place in range(len(columns))]
    lines = [_lay_line(columns, widths, to_the_right), "  ".join("-" * width for width in widths)]
    lines += [_lay_line(row, widths, to_the_right) for row in cells]
    return "\n".join(lines) + "\n"


def _lay_line(cells: list[str], widths: list[int], to_the_right: list[bool]) -> str:
    padded = []
    for cell, width, is_right in zip(cells, widths, to_the_right, strict=True):
        padding = " " * (width - _width(cell))
        padded.append(padding + cell if is_right else cell + padding)
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(letter) else 1 for letter in text)


def _escape_controls(text: str) -> str:
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _show(value: Any) -> str:
    plain = _plain(value)
    match plain:
        case None:
            return ""
        case str():
            return plain
        case _:
            return json.dumps(plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return format(value, "f")
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return str(value)
        case bytes():
            return value.hex()
        case list() | tuple():
            return [_plain(entry) for entry in value]
        case dict():
            return {str(key): _plain(entry) for key, entry in value.items()}
        case _:
            return str(value)
