"""What a report can contain: the sections, their fields and code lists, read from the YAML files in this folder.

One file per section; `_code_lists.yml` holds the code lists, `_report.yml` the report sheet of the template. Everything that is
shown to a person stands there in the five languages; a heading, a label or a code is recognised in any of them by its folded text.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Any

import yaml

from ingest.letters import INVISIBLE, mend_mixed_words

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML built without libyaml: the same, ten times slower
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

LANGUAGES = ("en", "sr-Latn", "sr-Cyrl", "mk", "sq")
SECTIONS = (
    "grants", "engagements", "trainings", "equipment", "services",
    "local_plans", "household_support", "participations", "events", "observations",
)  # fmt: skip

# The part of a natural key that is not a field: the period the statement itself speaks of.
OWN_PERIOD = "period_id"

_FIELD_TYPES = ("text", "code", "count", "number", "amount", "date", "year", "ref")

Texts = Mapping[str, str]


class DefinitionError(ValueError):
    """A YAML file of this folder says something that cannot be used; the message names file, field and fault."""


@dataclass(frozen=True)
class Term:
    """A thing with a name on paper: `labels` and `help` by language, `synonyms` in any language."""

    labels: Texts
    synonyms: tuple[str, ...]
    help: Texts


@dataclass(frozen=True)
class Field:
    """A column of a section. `codes` names a code list (type code only); `is_identity` marks what names the thing across
    periods; a personal field's value is never shown in a finding; `default` holds where a cell is blank or its column absent."""

    name: str
    type: str
    unit: str | None
    codes: str | None
    is_identity: bool
    is_personal: bool
    default: int | None
    labels: Texts
    synonyms: tuple[str, ...]
    help: Texts


@dataclass(frozen=True)
class Section:
    """A kind of statement a report can make. `natural_key` names the fields that tell one thing from another where no ref is
    given (`OWN_PERIOD` stands for the statement's period); parts may be missing where `natural_key_may_be_partial`. `ref_letter`
    begins the refs that we give, where the section has refs."""

    name: str
    labels: Texts
    description: Texts
    fields: tuple[Field, ...]
    natural_key: tuple[str, ...]
    natural_key_may_be_partial: bool
    ref_letter: str | None

    def field(self, name: str) -> Field:
        """The field of that name; KeyError names section and field where there is none."""
        try:
            return self._by_name[name]
        except KeyError:
            raise KeyError(f"section {self.name} has no field {name}") from None

    @functools.cached_property
    def _by_name(self) -> Mapping[str, Field]:
        return {field.name: field for field in self.fields}

    @functools.cached_property
    def defaults(self) -> tuple[Field, ...]:
        """The fields that have a value where their cell is blank or their column absent."""
        return tuple(field for field in self.fields if field.default is not None)

    @functools.cached_property
    def has_currency(self) -> bool:
        """Whether the section's amounts are in a currency that the row states."""
        return any(field.name == "currency" for field in self.fields)

    @functools.cached_property
    def ref(self) -> Field | None:
        """The field that carries the sender's own number of the thing, where the section has one."""
        return next((field for field in self.fields if field.type == "ref" and field.is_identity), None)


@dataclass(frozen=True)
class CodeList:
    """Code → labels by language; code → synonyms in any language."""

    name: str
    codes: Mapping[str, Texts]
    synonyms: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class ReportSheet:
    """The first sheet of the template and what goes with it: the sheets' names, the fields (municipality, programme, period,
    statement, reported_on), the headings of the table of sections, and the instructions as (heading, text) pairs by language."""

    sheet: Term
    instructions_sheet: Term
    lists_sheet: str
    title: Texts
    whole_programme: Term
    fields: Mapping[str, Term]
    table: Mapping[str, Term]
    statements: CodeList
    said: CodeList
    texts: Mapping[str, Texts]
    instructions: Mapping[str, tuple[tuple[str, str], ...]]


def load_sections() -> Mapping[str, Section]:
    """The ten sections by name, in the order of the template. Raises DefinitionError."""
    return _read_sections()


def load_code_lists() -> Mapping[str, CodeList]:
    """The code lists by name. Raises DefinitionError."""
    return _read_code_lists()


def load_report_sheet() -> ReportSheet:
    """The report sheet of the template. Raises DefinitionError."""
    return _read_report_sheet()


def raw_columns(section: Section) -> dict[str, str]:
    """Column → DuckDB type of the section's fields in raw, in order.

    A figure has its qualifier beside it (exact, about, at_least, at_most); a date is kept as stated (EDTF) with the earliest and
    latest day it can mean.
    """
    columns: dict[str, str] = {}
    for field in section.fields:
        match field.type:
            case "count" | "number" | "amount":
                columns[field.name] = {"count": "BIGINT", "number": "DECIMAL(18,4)", "amount": "DECIMAL(18,2)"}[field.type]
                columns[f"{field.name}_qualifier"] = "VARCHAR"
            case "date":
                columns |= {f"{field.name}_edtf": "VARCHAR", f"{field.name}_earliest": "DATE", f"{field.name}_latest": "DATE"}
            case "year":
                columns[field.name] = "INTEGER"
            case _:
                columns[field.name] = "VARCHAR"
    return columns


def read_strict_yaml(text: str) -> Any:
    """The content of a YAML text; a key given twice raises DefinitionError, where YAML itself would keep the last in silence."""
    return yaml.load(text, Loader=_StrictLoader)  # noqa: S506


_CYRILLIC = dict(zip("абвгдежзијклмнопрстуфхцчш", "abvgdežzijklmnoprstufhcčš", strict=True)) | {
    "ђ": "dj", "љ": "lj", "њ": "nj", "ћ": "ć", "џ": "dž", "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "ѐ": "e", "ѝ": "i", "đ": "dj",
}  # fmt: skip
_FOLDING = str.maketrans(_CYRILLIC)
# the same for what has no letter to change, at a tenth of the time
_ASCII_FOLDING = {ord(c): c.lower() if c.isalnum() or c in "%+$" else " " for c in map(chr, range(128))}


# Remembered: the same words come in every report.
@functools.lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """The text as it is compared: lower case, Latin letters without marks, one space between words, no punctuation.

    "Број ангажованих", "BROJ ANGAŽOVANIH:" and "broj_angazovanih" fold alike. %, + and the signs of currencies are kept, they tell codes apart.
    A Latin letter in a Cyrillic word is the Cyrillic one that looks so, and the other way round.
    Place names have stricter rules of their own, in the registry.
    """
    if text.isascii():
        return " ".join(text.translate(_ASCII_FOLDING).split())
    # Composed first: ќ and ѓ are letters of their own, not к and г with a mark.
    composed = mend_mixed_words(unicodedata.normalize("NFKC", text).translate(INVISIBLE))
    latin = composed.casefold().translate(_FOLDING)
    bare = "".join(c for c in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w%+€$£]|_", " ", bare).split())


@functools.cache
def _read_sections() -> Mapping[str, Section]:
    sections = {name: _section(name, _read_yaml(f"{name}.yml")) for name in SECTIONS}
    _refuse_shared_terms("sections", {name: (name, *section.labels.values()) for name, section in sections.items()})
    return MappingProxyType(sections)


@functools.cache
def _read_code_lists() -> Mapping[str, CodeList]:
    return MappingProxyType({name: _code_list(name, content) for name, content in _read_yaml("_code_lists.yml").items()})


@functools.cache
def _read_report_sheet() -> ReportSheet:
    where, content = "_report.yml", _read_yaml("_report.yml")
    _require_keys(
        where, content, {"sheet", "instructions_sheet", "lists_sheet", "title", "whole_programme", "fields", "table", "texts", "instructions"}
    )
    code_lists = load_code_lists()
    fields = {name: _term(f"{where}: {name}", entry) for name, entry in content["fields"].items()}
    table = {name: _term(f"{where}: {name}", entry) for name, entry in content["table"].items()}
    _refuse_shared_terms(where, {name: (name, *term.labels.values(), *term.synonyms) for name, term in fields.items()})
    return ReportSheet(
        sheet=_term(f"{where}: sheet", content["sheet"]),
        instructions_sheet=_term(f"{where}: instructions_sheet", content["instructions_sheet"]),
        lists_sheet=content["lists_sheet"],
        title=_texts(f"{where}: title", content["title"]),
        whole_programme=_term(f"{where}: whole_programme", content["whole_programme"]),
        fields=MappingProxyType(fields),
        table=MappingProxyType(table),
        statements=code_lists["statements"],
        said=code_lists["said"],
        texts=MappingProxyType({name: _texts(f"{where}: {name}", entry) for name, entry in content["texts"].items()}),
        instructions=MappingProxyType(_instructions(where, content["instructions"])),
    )


def _read_yaml(file_name: str) -> Any:
    return read_strict_yaml(resources.files(__package__).joinpath(file_name).read_text(encoding="utf-8"))


class _StrictLoader(_SafeLoader):
    """A safe loader that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        if twice := {key for key in keys if keys.count(key) > 1}:
            raise DefinitionError(f"{node.start_mark}: given twice: {', '.join(map(str, sorted(twice)))}")
        return super().construct_mapping(node, deep)


def _section(name: str, content: Mapping[str, Any]) -> Section:
    where = f"{name}.yml"
    _require_keys(where, content, {"section", "labels", "description", "natural_key", "natural_key_may_be_partial", "fields"}, {"ref_letter"})
    if content["section"] != name:
        raise DefinitionError(f"{where}: the section is called {content['section']!r}")
    fields = tuple(_field(where, entry) for entry in content["fields"])
    names = [field.name for field in fields]
    if strangers := sorted(set(content["natural_key"]) - {*names, OWN_PERIOD}):
        raise DefinitionError(f"{where}: natural_key names no field: {', '.join(strangers)}")
    if len(names) != len(set(names)):
        raise DefinitionError(f"{where}: a field stands there twice: {', '.join(sorted({n for n in names if names.count(n) > 1}))}")
    _refuse_shared_terms(where, {field.name: (field.name, *field.labels.values(), *field.synonyms) for field in fields})
    return Section(
        name=name,
        labels=_texts(f"{where}: labels", content["labels"]),
        description=_texts(f"{where}: description", content["description"]),
        fields=fields,
        natural_key=tuple(content["natural_key"]),
        natural_key_may_be_partial=content["natural_key_may_be_partial"],
        ref_letter=content.get("ref_letter"),
    )


def _field(where: str, content: Mapping[str, Any]) -> Field:
    where = f"{where}: {content.get('name', 'a field without name')}"
    _require_keys(where, content, {"name", "type", "labels", "help"}, {"unit", "codes", "identity", "personal", "default", "synonyms"})
    if content["type"] not in _FIELD_TYPES:
        raise DefinitionError(f"{where}: type {content['type']!r} is none of {', '.join(_FIELD_TYPES)}")
    if (content["type"] == "code") != ("codes" in content):
        raise DefinitionError(f"{where}: codes belong to type code, and to it alone")
    if "codes" in content and content["codes"] not in load_code_lists():
        raise DefinitionError(f"{where}: there is no code list {content['codes']!r}")
    return Field(
        name=content["name"],
        type=content["type"],
        unit=content.get("unit"),
        codes=content.get("codes"),
        is_identity=content.get("identity", False),
        is_personal=content.get("personal", False),
        default=content.get("default"),
        labels=_texts(f"{where}: labels", content["labels"]),
        synonyms=_synonyms(where, content.get("synonyms", [])),
        help=_texts(f"{where}: help", content["help"]),
    )


def _code_list(name: str, content: Mapping[str, Any]) -> CodeList:
    where = f"_code_lists.yml: {name}"
    terms = {str(code): _term(f"{where}: {code}", entry) for code, entry in content.items()}
    _refuse_shared_terms(where, {code: (code, *term.labels.values(), *term.synonyms) for code, term in terms.items()})
    return CodeList(
        name=name,
        codes=MappingProxyType({code: term.labels for code, term in terms.items()}),
        synonyms=MappingProxyType({code: term.synonyms for code, term in terms.items()}),
    )


def _term(where: str, content: Mapping[str, Any]) -> Term:
    _require_keys(where, content, {"labels"}, {"synonyms", "help"})
    return Term(
        labels=_texts(f"{where}: labels", content["labels"]),
        synonyms=_synonyms(where, content.get("synonyms", [])),
        help=_texts(f"{where}: help", content["help"]) if "help" in content else MappingProxyType({}),
    )


def _texts(where: str, content: Any) -> Texts:
    if not isinstance(content, Mapping) or tuple(content) != LANGUAGES:
        raise DefinitionError(f"{where}: needs exactly {', '.join(LANGUAGES)}, in this order")
    if empty := [language for language, text in content.items() if not isinstance(text, str) or not text.strip()]:
        raise DefinitionError(f"{where}: no text in {', '.join(empty)}")
    return MappingProxyType(dict(content))


def _synonyms(where: str, content: Any) -> tuple[str, ...]:
    if not isinstance(content, list) or not all(isinstance(text, str) and fold(text) for text in content):
        raise DefinitionError(f"{where}: synonyms are a list of texts")
    return tuple(content)


def _instructions(where: str, content: Any) -> dict[str, tuple[tuple[str, str], ...]]:
    topics = [(_texts(f"{where}: instructions", topic["heading"]), _texts(f"{where}: instructions", topic["text"])) for topic in content]
    return {language: tuple((heading[language], text[language]) for heading, text in topics) for language in LANGUAGES}


def _require_keys(where: str, content: Any, needed: set[str], allowed: Iterable[str] = ()) -> None:
    if not isinstance(content, Mapping):
        raise DefinitionError(f"{where}: is no mapping")
    if missing := sorted(needed - set(content)):
        raise DefinitionError(f"{where}: missing {', '.join(missing)}")
    if strange := sorted(set(content) - needed - set(allowed)):
        raise DefinitionError(f"{where}: not understood: {', '.join(strange)}")


def _refuse_shared_terms(where: str, terms: Mapping[str, Iterable[str]]) -> None:
    """Within one scope a folded text must mean one thing, whatever the language: the sender's language is not always known."""
    owners: dict[str, str] = {}
    for name, texts in terms.items():
        for text in texts:
            if owners.setdefault(fold(text), name) != name:
                raise DefinitionError(f"{where}: {text!r} means both {owners[fold(text)]} and {name}")
