"""Who a report is about: municipalities and programmes, told by code or by any known name.

A match is certain or it is not made: what is near, ambiguous or doubly repaired becomes a :class:`Question` with its candidates,
for a person to answer.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ingest.letters import INVISIBLE, read_look_alikes
from ingest.names import NameIndex, Word, read_words, strip_marks

CITY, MUNICIPALITY, CITY_MUNICIPALITY = "city", "municipality", "city_municipality"

# Words that say what kind of place follows (or, the last list, came before), as keys. Longer ones first, so that "gradska opština" is not "grad".
_BEFORE: tuple[tuple[tuple[str, ...], str | None], ...] = (
    (("city", "municipality", "of"), CITY_MUNICIPALITY),
    *((phrase, CITY_MUNICIPALITY) for phrase in (("gradska", "opština"), ("gradske", "opštine"), ("gradskoj", "opštini"), ("gradsku", "opštinu"))),
    (("g", "o"), CITY_MUNICIPALITY),
    (("go",), CITY_MUNICIPALITY),
    (("municipality", "of"), MUNICIPALITY),
    (("komuna", "e"), MUNICIPALITY),
    *(((word,), MUNICIPALITY) for word in ("opština", "opštine", "opštini", "opštinu", "opštinata", "komuna", "municipality")),
    (("city", "of"), CITY),
    # as offices sign: "Gradska uprava grada Kruševca", "Opštinska uprava Raška"
    (("gradska", "uprava"), None),
    (("opštinska", "uprava"), None),
    (("uprava",), None),
    (("qyteti", "i"), CITY),
    *(((word,), CITY) for word in ("grad", "grada", "gradu", "gradot", "qyteti")),
    *(((word,), None) for word in ("u", "iz", "vo", "the")),
)
_AFTER: tuple[tuple[tuple[str, ...], str], ...] = (
    (("city", "municipality"), CITY_MUNICIPALITY),
    (("municipality",), MUNICIPALITY),
    (("city",), CITY),
    (("grad",), CITY),
)
_BETWEEN_SEGMENTS = re.compile(r"[,;:()\[\]/\-–—]+")
_BETWEEN_CODES = re.compile(r"[\s,;:()\[\]]+")


class NotInRegistry(LookupError):
    """The reference data know no such code."""


@dataclass(frozen=True)
class Municipality:
    """One local government or city municipality, as in ``municipalities.csv``; ``population`` is ``None`` where it is not known."""

    code: str
    country_code: str
    level: str
    parent_code: str | None
    district_code: str
    name_latn: str
    name_cyrl: str
    name_en: str
    population: int | None


@dataclass(frozen=True)
class Programme:
    """One programme, as in ``programmes.csv``; ``country_code`` is ``None`` where it works in more than one country."""

    programme_id: str
    title: str
    title_sr_latn: str | None
    title_mk: str | None
    country_code: str | None
    parent_programme_id: str | None
    reporting_frequency: str | None
    due_days: int | None
    starts_on: date | None
    ends_on: date | None
    is_synthetic: bool


class Candidate(NamedTuple):
    """What a name may mean; ``score`` is its likeness, 0–100."""

    code: str
    name: str
    score: float


@dataclass(frozen=True)
class Match:
    """A certain answer. ``how``: ``code``, ``name``, ``without_diacritics`` or ``look_alikes`` (letters of the other script)."""

    code: str
    how: str


@dataclass(frozen=True)
class Question:
    """A name that is not clear, and what it may mean, best first; there may be nothing like it."""

    text: str
    candidates: tuple[Candidate, ...]


class Registry:
    """The municipalities and programmes of one reference folder, with every name they go by."""

    def __init__(self, municipalities: Mapping[str, Municipality], programmes: Mapping[str, Programme], names: Sequence[tuple[str, str]]) -> None:
        """``names`` are pairs of (municipality code, name), beyond the names that the municipalities carry themselves."""
        self.municipalities = dict(municipalities)
        self.programmes = dict(programmes)
        self._places = _index_places(self.municipalities, names)
        self._titles = _index_titles(self.programmes)
        self._resolved: dict[tuple[str, str | None], Match | Question] = {}

    @classmethod
    def load(cls, reference: Path) -> "Registry":
        """Read ``municipalities.csv``, ``municipality_names.csv`` and ``programmes.csv`` of a reference folder.

        Raises:
            NotInRegistry: If a name is given to a municipality that is not listed.
        """
        municipalities = {row["municipality_code"]: _read_municipality(row) for row in _read_rows(reference / "municipalities.csv")}
        programmes = {row["programme_id"]: _read_programme(row) for row in _read_rows(reference / "programmes.csv")}
        names = []
        for row in _read_rows(reference / "municipality_names.csv"):
            if row["municipality_code"] not in municipalities:
                raise NotInRegistry(f"municipality_names.csv: {row['name']}: no municipality has the code {row['municipality_code']}")
            # A form without diacritics is understood from the right one; kept as a name of its own it would also excuse a Cyrillic с for ш.
            if row["kind"] != "ascii":
                names.append((row["municipality_code"], row["name"]))
        return cls(municipalities, programmes, names)

    def municipality(self, code: str) -> Municipality:
        """The municipality of that official code. Raises NotInRegistry if there is none."""
        try:
            return self.municipalities[code]
        except KeyError:
            raise NotInRegistry(f"no municipality has the code {code}") from None

    def programme(self, programme_id: str) -> Programme:
        """The programme of that id. Raises NotInRegistry if there is none."""
        try:
            return self.programmes[programme_id]
        except KeyError:
            raise NotInRegistry(f"no programme has the id {programme_id}") from None

    def resolve(self, text: str, country: str | None = None) -> Match | Question:
        """Tell which municipality ``text`` names: official code first, then any known name.

        ``country`` (``RS``, ``MK``), where it is known already, leaves out the names of the other country, never an official code.
        """
        asked = (text, country)
        if asked not in self._resolved:
            seen = text.translate(INVISIBLE)
            self._resolved[asked] = self._resolve_code(seen, country) or self._resolve_name(seen, country)
        return self._resolved[asked]

    def resolve_programme(self, text: str) -> Match | Question:
        """Tell which programme ``text`` names: by its id or by its title in any language."""
        if text.strip() in self.programmes:
            return Match(text.strip(), "code")
        words = read_words(text)
        readings = [(self._titles.find(words), "name"), (self._titles.find_without_marks(words), "without_diacritics")]
        readings += [(self._titles.find(read_words(reading)), "look_alikes") for reading in read_look_alikes(text)]
        for found, how in readings:
            if len(found) == 1:
                return Match(next(iter(found)), how)
        near = self._titles.rank_nearest(words, lambda _: True)
        return Question(text, tuple(Candidate(programme_id, self.programmes[programme_id].title, score) for programme_id, score in near))

    def _resolve_code(self, text: str, country: str | None) -> Match | Question | None:
        """A code alone, or a code beside a name that agrees with it; ``None`` if there is no code in ``text``."""
        parts = [part for part in _BETWEEN_CODES.split(unicodedata.normalize("NFKC", text)) if part]
        codes = {code for part in parts if (code := self._find_code(part))}
        rest = [part for part in parts if not self._find_code(part)]
        if not codes:
            return None
        named = self._resolve_name(" ".join(rest), country) if read_words(" ".join(rest)) else None
        if isinstance(named, Match):
            codes.add(named.code)
        if len(codes) == 1 and not isinstance(named, Question):
            return Match(codes.pop(), "code")
        return Question(text, self._list_candidates((code, 100.0) for code in sorted(codes)))

    def _find_code(self, part: str) -> str | None:
        for reading in (part, *read_look_alikes(part)):
            if reading.upper() in self.municipalities:
                return reading.upper()
        return None

    def _resolve_name(self, text: str, country: str | None) -> Match | Question:
        def is_here(code: str) -> bool:
            return country in (None, self.municipalities[code].country_code)

        named, level, how = self._read_name(text)
        here = set(filter(is_here, named))
        meant = self._narrow(here, level)
        if len(meant) == 1:
            return Match(meant.pop(), how)
        if named:
            return Question(text, self._list_candidates((code, 100.0) for code in sorted(here or named)))
        return Question(text, self._list_candidates(iter(self._places.rank_nearest(_strip_levels(text)[0], is_here))))

    def _read_name(self, text: str) -> tuple[frozenset[str], str | None, str]:
        """What the text may name by the surest reading that is known at all, the kind of place it says, and how it was read."""
        bare, level = _strip_levels(text)
        # "Stari grad" is a name whole, before its "grad" is taken for a word that says what it is.
        for words, said in ((read_words(text), None), (bare, level)):
            for found, how in ((self._places.find(words), "name"), (self._places.find_without_marks(words), "without_diacritics")):
                if found:
                    return found, said, how
        repaired: frozenset[str] = frozenset()
        for reading in read_look_alikes(text):
            bare, level = _strip_levels(reading)
            repaired |= self._places.find(read_words(reading)) or self._places.find(bare)
        return repaired, level, "look_alikes"

    def _narrow(self, codes: set[str], level: str | None) -> set[str]:
        """Of places with one name, those that the kind of place said can mean: a plain name is the city, "GO" its city municipality."""
        within_cities = {code for code in codes if self.municipalities[code].level == CITY_MUNICIPALITY}
        if level == CITY_MUNICIPALITY:
            return within_cities
        if level == MUNICIPALITY:
            return codes
        return codes - within_cities or codes

    def _list_candidates(self, scored: Iterator[tuple[str, float]]) -> tuple[Candidate, ...]:
        return tuple(Candidate(code, self._full_name(self.municipalities[code]), score) for code, score in scored)

    def _full_name(self, place: Municipality) -> str:
        """The name as a person can tell it from its namesakes, and answer with it: "Palilula (Niš)"."""
        return f"{place.name_latn} ({self.municipalities[place.parent_code].name_latn})" if place.parent_code else place.name_latn


def _index_places(municipalities: Mapping[str, Municipality], names: Sequence[tuple[str, str]]) -> NameIndex:
    index = NameIndex()
    own = {code: {place.name_latn, place.name_cyrl, place.name_en} for code, place in municipalities.items()}
    for code, name in [*((code, name) for code, known in own.items() for name in sorted(known)), *names]:
        index.add(read_words(name), code)
        index.add(_strip_levels(name)[0], code)
    for code, place in municipalities.items():
        for city in own[place.parent_code] if place.parent_code else ():
            for name in own[code]:
                index.add(read_words(f"{city} {name}"), code)
                index.add(read_words(f"{name} {city}"), code)
    return index


def _index_titles(programmes: Mapping[str, Programme]) -> NameIndex:
    index = NameIndex()
    for programme in programmes.values():
        for name in (programme.programme_id, programme.title, programme.title_sr_latn, programme.title_mk):
            if name:
                index.add(read_words(name), programme.programme_id)
    return index


def _strip_levels(text: str) -> tuple[tuple[Word, ...], str | None]:
    """The words of a name without those that say what kind of place it is, and the narrowest kind said.

    "GO Palilula, Grad Niš" is "palilula niš", a city municipality.
    """
    name: list[Word] = []
    said: set[str | None] = set()
    for segment in _BETWEEN_SEGMENTS.split(text):
        words = list(read_words(segment))
        while words and (stripped := _strip_one_level(words)):
            words, level = stripped
            said.add(level)
        name += words
    return tuple(name), next((level for level in (CITY_MUNICIPALITY, MUNICIPALITY, CITY) if level in said), None)


def _strip_one_level(words: list[Word]) -> tuple[list[Word], str | None] | None:
    for phrase, level in _BEFORE:
        if _is_phrase(words[: len(phrase)], phrase):
            return words[len(phrase) :], level
    for phrase, after in _AFTER:
        if _is_phrase(words[-len(phrase) :], phrase):
            return words[: -len(phrase)], after
    return None


def _is_phrase(words: Sequence[Word], phrase: tuple[str, ...]) -> bool:
    return len(words) == len(phrase) and all(
        word.key == expected or (not word.is_cyrillic and word.key == strip_marks(expected)) for word, expected in zip(words, phrase, strict=True)
    )


def _read_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _read_municipality(row: Mapping[str, str]) -> Municipality:
    return Municipality(
        code=row["municipality_code"],
        country_code=row["country_code"],
        level=row["level"],
        parent_code=row["parent_code"] or None,
        district_code=row["district_code"],
        name_latn=row["name_latn"],
        name_cyrl=row["name_cyrl"],
        name_en=row["name_en"],
        population=int(row["population"]) if row["population"] else None,
    )


def _read_programme(row: Mapping[str, str]) -> Programme:
    return Programme(
        programme_id=row["programme_id"],
        title=row["title"],
        title_sr_latn=row["title_sr_latn"] or None,
        title_mk=row["title_mk"] or None,
        country_code=row["country_code"] or None,
        parent_programme_id=row["parent_programme_id"] or None,
        reporting_frequency=row["reporting_frequency"] or None,
        due_days=int(row["due_days"]) if row["due_days"] else None,
        starts_on=date.fromisoformat(row["starts_on"]) if row["starts_on"] else None,
        ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        is_synthetic=row["is_synthetic"] == "true",
    )
