"""The words of headings, and what they mean: the labels and synonyms of the fields, in any language, and the words of ``headings.yml``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from ingest.sections import LANGUAGES, fold, load_report_sheet, load_sections
from ingest.values import find_currency, words_of_currencies

PLACE_KEYS = ("municipality", "programme", "period")
# Marks of footnotes after a heading, numbers of columns before it.
_MARKS = re.compile(r"^\s*\d{1,2}[.)]\s+|[*⁎†¹²³⁰-⁹]+\s*$|(?<=\w)\s+\d\)\s*$")
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]\s*$")
# "angažo-" over "vanih" in one cell, as a narrow column makes people write.
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])-\s+(?=[^\W\d_])")
_PREPOSITION = re.compile(r"^\s*(?:u|у|во|in|në)\s+", re.IGNORECASE)
# "u evrima", "u švajcarskim francima": a currency has one word, or two.
_IN_CURRENCY = tuple(
    re.compile(rf"[,\s]+(?:(?:u|у|во|in|në)\s+)?({words}[^\W\d_]+\.?|[^\W\d_]*[€$£])\s*$", re.IGNORECASE) for words in ("", r"[^\W\d_]+\s+")
)
_FACTORS = (
    (1_000, re.compile(r"hiljad|хиљад|илјад|thousand|mijë|\b000\b", re.IGNORECASE)),
    (1_000_000, re.compile(r"milion|милион|million", re.IGNORECASE)),
)
_PERCENT = re.compile(r"[%‰]|procen[ta]|postot|процен[та]|percent|përqind", re.IGNORECASE)
_GIVEN_IN = re.compile(r"\b(?:u|у|во|in|në)\s+(?:000|hiljad|хиљад|илјад|thousand|mijë|milion|милион|million)", re.IGNORECASE)
_CURRENCY_WORD = re.compile(r"[^\W\d_]*[€$£]|[^\W\d_]+")
# Dollars of Canada and Australia, which give to municipalities too, are none of the United States.
_OF_OTHERS = re.compile(r"\b[ck]anad|\ba[uv]stral")


@dataclass(frozen=True)
class Words:
    """Every word of the forms, folded, with what it means."""

    sheet_names: Mapping[str, str]
    headings: Mapping[str, Mapping[str, str]]
    places: Mapping[str, str]
    groups: Mapping[str, str]
    margins: Mapping[str, str]
    over: tuple[tuple[frozenset[str], Mapping[str, str]], ...]
    names: frozenset[str]
    ordinals: frozenset[str]
    plain_units: frozenset[str]
    known: frozenset[str]
    single: frozenset[str]


@lru_cache(maxsize=1024)
def group_of(field: str) -> str | None:
    """The group that a field counts a part of: "engaged_women" → "engaged"."""
    words = load_words()
    names = {name: group for group in words["groups"] for margin in words["margins"] for name in _names_of(group, margin)}
    return names.get(field)


@cache
def load_words() -> Mapping[str, Any]:
    """The words of ``headings.yml``: lists of texts, or lists by name."""
    words: dict[str, Any] = yaml.safe_load(resources.files(__package__).joinpath("headings.yml").read_text(encoding="utf-8"))
    return words


@cache
def folded_words(name: str) -> frozenset[str]:
    """One list of ``headings.yml``, folded."""
    return frozenset(fold(word) or word for word in load_words()[name])


def place_meant(parts: tuple[str, ...]) -> str | None:
    """Which of municipality, programme and period a heading means, given as its parts from the top, folded; None where it means none."""
    bare = parts[:-1] if len(parts) > 1 and parts[-1] in heading_words().names else parts
    return heading_words().places.get(bare[-1]) if bare else None


@lru_cache(maxsize=65_536)
def field_meant(section: str, parts: tuple[str, ...], left: str | None) -> str | None:
    """The field that a heading means; ``left`` is the group of the column to its left."""
    words = heading_words()
    headings = words.headings[section]
    if not parts:
        return None
    child, parents = parts[-1], parts[-2::-1]
    margin = words.margins.get(child)
    for parent in parents:
        group = words.groups.get(parent) or (group_of(headings[parent]) if parent in headings else None)
        if margin and group:
            return _field_of(section, group, margin)
        for over, below in words.over:
            if parent in over and below.get(child) in headings.values():
                return below[child]
        for together in (f"{parent} {child}", f"{child} {parent}"):
            if together in headings:
                return headings[together]
        if (child in words.plain_units or child in words.names) and parent in headings:
            return headings[parent]
    if margin and left and margin != "persons":
        return _field_of(section, left, margin)
    # a part of a whole that is not understood: "od toga žene" below "Volonteri" are no engaged women
    return None if margin and parents else headings.get(child)


def _field_of(section: str, group: str, margin: str) -> str | None:
    names = {field.name for field in load_sections()[section].fields}
    return next((name for name in _names_of(group, margin) if name in names), None)


def _names_of(group: str, margin: str) -> tuple[str, ...]:
    return (f"{group}_{margin}", group) if margin == "persons" else (f"{group}_{margin}",)


@lru_cache(maxsize=4096)
def fold_heading(text: str) -> str:
    """A heading as it is compared: without marks of footnotes, its number, or a unit in brackets that changes nothing."""
    words = heading_words()
    folded = fold(text)
    if folded in words.known:
        return folded
    # the most of a sheet has no word of any form: a ref is nothing but a ref
    is_foreign = text.isascii() and words.single.isdisjoint(folded.split())
    if is_foreign and text[-1:].isalnum() and len(text.split()) < 2:
        return folded
    if (joined := _BROKEN_WORD.sub("", text)) != text and (whole := fold_heading(joined)) in words.known:
        return whole
    bare = _MARKS.sub("", text)
    if is_foreign and bare == text:
        return folded
    unit = _IN_BRACKETS.search(bare)
    if unit and fold(_PREPOSITION.sub("", unit[1])) in words.plain_units and fold(bare) not in words.known:
        bare = bare[: unit.start()]
    else:
        bare = _without_currency(bare, words.known)
    return fold(bare) or folded


def _without_currency(heading: str, known: frozenset[str]) -> str:
    """A heading without the currency at its end, where what is left is known."""
    for ending in _IN_CURRENCY:
        if (end := ending.search(heading)) and currency_named(end[1]) and fold(heading[: end.start()]) in known:
            return heading[: end.start()]
    return heading


@lru_cache(maxsize=4096)
def currency_named(text: str) -> str | None:
    """The one currency that a heading names: "Iznos (EUR)", "износ во ден."; None where it names none, or two, or thousands of it."""
    return None if factor_named(text) else currency_within(text)


def factor_named(text: str) -> int | None:
    """By what the figures below a heading are to be multiplied: "u hiljadama dinara" says 1,000."""
    return next((factor for factor, word in _FACTORS if word.search(text)), None)


def factor_given(text: str) -> int | None:
    """The same of a text that stands above a table: only where it says that figures are given so, as "iznosi u hiljadama dinara" does."""
    return factor_named(text) if _GIVEN_IN.search(text) else None


def names_percent(text: str) -> bool:
    """Whether a heading or a unit speaks of shares in place of numbers."""
    return bool(_PERCENT.search(text))


def currency_within(text: str) -> str | None:
    """The one currency whose name stands in a text, whatever else does."""
    named = {currency for word in _CURRENCY_WORD.findall(text) if (currency := find_currency(word))}
    return named.pop() if len(named) == 1 and not _OF_OTHERS.search(fold(text)) else None


@cache
def plain_units() -> frozenset[str]:
    """What a figure may be given in without changing it, folded: the words of ``headings.yml``, and those of the currencies."""
    return folded_words("plain_units") | words_of_currencies()


@cache
def heading_words() -> Words:
    """All words, read once."""
    sections, report, own = load_sections(), load_report_sheet(), load_words()
    sheet_names = {fold(name): section.name for section in sections.values() for name in (section.name, *section.labels.values())}
    headings = {
        section.name: {fold(word): field.name for field in section.fields for word in (*field.synonyms, *field.labels.values(), field.name)}
        for section in sections.values()
    }
    places = {fold(word): key for key in PLACE_KEYS for word in (key, *report.fields[key].labels.values(), *report.fields[key].synonyms)}
    groups, margins = _by_fold(own["groups"]), _by_fold(own["margins"])
    over = tuple((frozenset(map(fold, each["headings"])), _by_fold(each["parts"])) for each in own["over"])
    known = {*places, *groups, *margins, *(word for words in headings.values() for word in words)}
    known |= {word for each, below in over for word in (*each, *below)}
    return Words(
        sheet_names,
        headings,
        places,
        groups,
        margins,
        over,
        folded_words("names"),
        folded_words("ordinals"),
        plain_units(),
        frozenset(known),
        frozenset(word for text in (*known, *plain_units()) for word in text.split()),
    )


def _by_fold(named: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold(word): name for name, words in named.items() for word in words}


def languages_of(text: str) -> frozenset[str]:
    """The languages in which a label of the form is spelt exactly so; empty for canonical names, which have no language."""
    return _label_languages().get(text.strip(), frozenset())


def most_spoken(spoken: Mapping[str, int]) -> tuple[str, ...]:
    """The languages of which the most labels are, in the order of the five; several where they have those labels in common."""
    most = max(spoken.values(), default=0)
    return tuple(language for language in LANGUAGES if most and spoken.get(language) == most)


@cache
def _label_languages() -> Mapping[str, frozenset[str]]:
    sections, report = load_sections(), load_report_sheet()
    labelled = [section.labels for section in sections.values()] + [field.labels for section in sections.values() for field in section.fields]
    spelt: dict[str, set[str]] = {}
    for labels in [*labelled, *(term.labels for term in report.fields.values())]:
        for language in LANGUAGES:
            spelt.setdefault(labels[language], set()).add(language)
    names = set(sections) | {field.name for section in sections.values() for field in section.fields}
    return {label: frozenset(found) for label, found in spelt.items() if label not in names}
