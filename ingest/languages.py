"""In which language a file is answered that says it in no form of ours: told by its words, by who sent it, and by what it came with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any

from ingest.contacts import Contact, ContactsInvalid, find_address, load_contacts
from ingest.heading_words import languages_of, most_spoken
from ingest.ledger import Ledger
from ingest.places import LANGUAGE_OF_COUNTRY, LANGUAGES_OF_COUNTRY
from ingest.registry import Match, Question, Registry
from munimon.settings import Home

# Letters and small words of one language only; a Cyrillic or Latin text may have none of them.
_SIGNS: Mapping[str, re.Pattern[str]] = {
    "sr-Latn": re.compile(r"[ćđ]|\b(?:opština|opstina|izveštaj|izvestaj|godine|ukupno|grad|je|za|iz)\b"),
    "sr-Cyrl": re.compile(r"[ђћ]|\b(?:године|укупно|из|са|који|лица у)\b"),
    "mk": re.compile(r"[ѓќѕ]|\b(?:година|вкупно|во|со|од|што|која)\b"),
    "sq": re.compile(r"[ëç]|\b(?:komuna|bashkia|raporti|viti|dhe|nga|gjithsej)\b"),
    "en": re.compile(r"\b(?:the|of|and|municipality|report|total|year)\b"),
}
_MOST_TEXTS = 2000
_ALL = ("sr-Latn", "mk", "sq", "en")


def language_of_texts(texts: Iterable[object]) -> str | None:
    """The one language that texts are in: by labels of our forms among them, else by the letters and words that only one language has."""
    spoken: Counter[str] = Counter()
    signs: Counter[str] = Counter()
    for text in [text for text in texts if isinstance(text, str)][:_MOST_TEXTS]:
        spoken.update(languages_of(text))
        words = text.casefold().replace("_", " ")
        signs.update(language for language, sign in _SIGNS.items() if sign.search(words))
    for told in (spoken, signs):
        if len(languages := most_spoken(told)) == 1:
            return languages[0]
    return None


@dataclass(frozen=True)
class AnswerLanguages:
    """In which languages the submissions of a home are answered."""

    home: Home

    def of(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """Those of a submission (a row of ``current_submissions``): its own, or of one refused as a whole what can be known.

        That is, first found: the language of the contact with the sender's address, that of the municipality's country, that of what else the
        sender sent or of all that came with it, that of the file's name, those of the programme's country; where nothing tells, all.
        """
        if row["language"]:
            return (row["language"],)
        municipality = _code(self._registry.resolve, row["municipality_code"] or row["municipality_option"])
        one = (
            self._of_sender(row["sent_by"])
            or self._of_municipality(municipality)
            or self._of_others("sent_by = ?", row["sent_by"])
            or self._of_others("batch_id = ? and sent_at = ?", row["batch_id"], row["sent_at"])
            or language_of_texts([PurePath(row["file_name"]).stem.replace("-", " ")])
        )
        if one:
            return (one,)
        programme = _code(self._registry.resolve_programme, row["programme_id"] or row["programme_option"])
        country = self._registry.programme(programme).country_code if programme else None
        return LANGUAGES_OF_COUNTRY.get(country or "", _ALL)

    @cached_property
    def _registry(self) -> Registry:
        return Registry.load(self.home.reference)

    @cached_property
    def _contacts(self) -> Sequence[Contact]:
        try:
            return load_contacts(self.home.reference, self._registry)
        except ContactsInvalid:
            # whoever drafts mails is told; here the list is one hint of several
            return ()

    def _of_sender(self, sender: str | None) -> str | None:
        """The language of the contact whose address the sender has, or of the contact's municipality."""
        address = find_address(sender or "")
        known = [contact for contact in self._contacts if address and contact.email.casefold() == address.casefold()]
        return next(filter(None, (contact.language or self._of_municipality(contact.municipality_code) for contact in known)), None)

    def _of_municipality(self, code: str | None) -> str | None:
        return LANGUAGE_OF_COUNTRY.get(self._registry.municipality(code).country_code) if code else None

    def _of_others(self, condition: str, *said: str | None) -> str | None:
        """The language of the other submissions of which that is true, where they have one language."""
        if None in said:
            return None
        query = f"select distinct language from current_submissions where language is not null and {condition}"  # noqa: S608 (conditions of our own)
        languages: list[str] = [row["language"] for row in Ledger(self.home.ledger).select(query, said)]
        return languages[0] if len(languages) == 1 else None


def _code(resolve: Callable[[str], Match | Question], text: str | None) -> str | None:
    found = resolve(text) if text else None
    return found.code if isinstance(found, Match) else None
