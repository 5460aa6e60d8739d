"""What is wrong with a report, and how it is said to the person who sent it.

The rules and their wording are data: `messages.yml` for reading and values, `messages_checks.yml` for the checks across fields,
`messages_build.yml` for what is seen only when reports stand beside each other.
"""

from __future__ import annotations

import dataclasses
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml

from ingest.months import write_date

Severity = Literal["error", "warning"]

_CATALOGUES = ("messages.yml", "messages_checks.yml", "messages_build.yml")
# PyYAML built without libyaml reads the same, ten times slower.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
# What a date says, as a check across fields quotes it: the whole day it was read as.
_STATED = ("value", "other_value")
_DAY = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_LONGEST_QUOTE = 120
# Controls, formats such as one that turns the direction of writing, halves of letters, ends of lines.
_OBEYED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))

# Where a finding is: sheet and cell, sheet and row, sheet alone.
_PLACES: Mapping[str, tuple[str, str, str]] = {
    "en": ("Sheet “{sheet}”, cell {cell}: ", "Sheet “{sheet}”, row {row}: ", "Sheet “{sheet}”: "),
    "sr-Latn": ("List „{sheet}“, ćelija {cell}: ", "List „{sheet}“, red {row}: ", "List „{sheet}“: "),
    "sr-Cyrl": ("Лист „{sheet}“, ћелија {cell}: ", "Лист „{sheet}“, ред {row}: ", "Лист „{sheet}“: "),
    "mk": ("Лист „{sheet}“, ќелија {cell}: ", "Лист „{sheet}“, ред {row}: ", "Лист „{sheet}“: "),
    "sq": ("Fleta “{sheet}”, qeliza {cell}: ", "Fleta “{sheet}”, rreshti {row}: ", "Fleta “{sheet}”: "),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, and where. `cell` is A1 without the sheet, `row` the sheet's own row number from 1."""

    severity: Severity
    rule: str
    section: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    field: str | None = None
    value_as_reported: str | None = None
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A rule that one value breaks, with what its message says."""

    rule: str
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A rule with its severity, the reason it exists, and by language its message and what it is called in lists."""

    name: str
    severity: Severity
    why: str
    messages: Mapping[str, str]
    titles: Mapping[str, str]
    reasons: Mapping[str, str]
    """Why it exists, in the languages beside English."""
    is_counted: bool
    """Whether it is judged row by row once rows are read, and counted by how many it judged."""


@cache
def load_rules() -> Mapping[str, Rule]:
    """All rules by name, from all catalogues; a name that stands twice raises ValueError."""
    rules: dict[str, Rule] = {}
    titles, reasons = _read_catalogue("rule_titles.yml"), _read_catalogue("rule_reasons.yml")
    for catalogue in _CATALOGUES:
        entries = _read_catalogue(catalogue)
        for name, entry in entries.items():
            if name in rules:
                raise ValueError(f"{catalogue}: the rule {name} stands twice")
            rules[name] = Rule(
                name,
                entry["severity"],
                entry["why"],
                entry["messages"],
                titles.get(name, {}),
                reasons.get(name, {}),
                catalogue == "messages_checks.yml",
            )
    return rules


def title_of(rule: str, language: str) -> str:
    """What a rule is called in a list, in one of the five languages; its plain name where it is of a version that is not known here."""
    known = load_rules().get(rule)
    return known.titles.get(language, rule.replace("_", " ")) if known else rule.replace("_", " ")


def why_of(rule: str, language: str) -> str:
    """Why a rule exists, in one of the five languages; an unknown rule raises LookupError."""
    found = _find(rule)
    return found.why if language == "en" else found.reasons.get(language, found.why)


def severity_of(rule: str) -> Severity:
    """Say whether a rule is an "error" or a "warning"; an unknown rule raises LookupError."""
    return _find(rule).severity


def message(rule: str, params: Mapping[str, object], language: str) -> str:
    """What is wrong and how to mend it, in one of the five languages, without the place.

    An unknown rule raises LookupError, an unknown language or a missing value KeyError.
    """
    script = "_cyrl" if language in ("sr-Cyrl", "mk") else "_latn"
    # a place is known by its name in each script
    params = {**params, **{name.removesuffix(script): value for name, value in params.items() if name.endswith(script)}}
    shown = {name: _show(name, value, language) for name, value in params.items() if value is not None and value != ""}

    def keep_if_complete(part: re.Match[str]) -> str:
        return part[1] if all(shown.get(name) for name in _PLACEHOLDER.findall(part[1])) else ""

    template = _OPTIONAL.sub(keep_if_complete, _find(rule).messages[language])
    return _PLACEHOLDER.sub(lambda name: shown[name[1]], template)


def full_message(finding: Finding, language: str) -> str:
    """The message with its place before it: "Sheet “Trainings”, cell H8: …"."""
    in_cell, in_row, in_sheet = _PLACES[language]
    place = "" if not finding.sheet else in_cell if finding.cell else in_row if finding.row else in_sheet
    said = message(finding.rule, finding.params, language)
    return place.format(sheet=as_line(finding.sheet or ""), cell=finding.cell, row=finding.row) + said


def as_line(text: str) -> str:
    """A text on one line, without the signs that a terminal or a mail program would obey, or by which it would show another text."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(sign for sign in line if unicodedata.category(sign) not in _OBEYED)


def _read_catalogue(name: str) -> dict[str, Any]:
    entries: dict[str, Any] = yaml.load(Path(__file__).with_name(name).read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506
    return entries


def read_params(text: str) -> Mapping[str, object]:
    """What a message quotes, from the JSON in which ledger and marts keep it: a date stays one, a whole number has no places."""
    params: Mapping[str, object] = json.loads(text, object_hook=_typed, parse_float=_read_number)
    return params


def _typed(value: dict[str, Any]) -> Any:
    return date.fromisoformat(value["date"]) if set(value) == {"date"} else value


def _read_number(text: str) -> int | Decimal:
    number = Decimal(text)
    return int(number) if number == int(number) else number


def _find(rule: str) -> Rule:
    try:
        return load_rules()[rule]
    except KeyError:
        raise LookupError(f"there is no rule {rule}") from None


def _show(name: str, value: object, language: str) -> str:
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(_show(name, item, language) for item in value)
    if name in ("section", "label", "other_label"):
        from ingest.sections import load_sections  # sections are not needed to say what is wrong with a file

        # A label is that of a field, "engagements.engaged_women".
        section_name, _, field_name = str(value).partition(".")
        section = load_sections().get(section_name)
        named = section.field(field_name) if section and field_name else section
        return named.labels[language] if named else str(value)
    if name in ("unit", "measured_in"):
        from ingest.sections import load_code_lists

        labels = load_code_lists()["units"].codes.get(str(value))
        return labels[language] if labels else str(value)
    if name in _STATED and isinstance(value, str) and _DAY.fullmatch(value):
        return write_date(date.fromisoformat(value), language)
    if isinstance(value, date):
        return write_date(value, language)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _show_number(Decimal(str(value)), language)
    # one line and not a long one: a message quotes what stands in a cell, and a cell may hold a page
    text = as_line(str(value))
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


def _show_number(number: Decimal, language: str) -> str:
    # Thousands are grouped from five digits on: a year stays a year, and 1234 is never shown as 1.234.
    whole = number.to_integral_value()
    number = whole if number == whole else number
    shown = f"{number:,f}" if abs(number) >= 10_000 else f"{number:f}"
    return shown if language == "en" else shown.translate(str.maketrans(",.", ".,"))
