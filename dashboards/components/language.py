"""Words, names and numbers in the reader's language and script."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import pandas
import yaml
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

OWN_NAMES = {
    "en": "English",
    "sr-Latn": "Srpski (latinica)",
    "sr-Cyrl": "Српски (ћирилица)",
    "mk": "Македонски",
    "sq": "Shqip",
}
SHARES = frozenset({"share", "ratio", "percent", "%"})
SERBIAN_LETTERS = dict(zip("abvgdđežzijklmnoprstćufhcčš", "абвгдђежзијклмнопрстћуфхцчш", strict=True)) | {"lj": "љ", "nj": "њ", "dž": "џ"}
ALPHABETS = {"Latn": " abcčćçdđeëfghijklmnopqrsštuvwxyzž", "Cyrl": " абвгдђѓежзѕијклљмнњопрстћќуфхцчџш"}
CURRENCIES = frozenset({"EUR", "RSD", "MKD", "USD", "CHF", "GBP"})


@cache
def load_catalogue(language: str) -> dict[str, str]:
    """The texts of one language, key → text; sections of the file become `section.key`."""
    text = (files("dashboards") / "locale" / f"{language}.yml").read_text(encoding="utf-8")
    return {f"{section}.{key}": words for section, texts in yaml.safe_load(text).items() for key, words in texts.items()}


def is_known(value: object) -> bool:
    """Whether a cell of a result holds a value: neither null nor not-a-number."""
    return value is not None and not bool(pandas.isna(value))  # type: ignore[call-overload]


def guess_language(browser_locale: str | None) -> str:
    """The catalogue nearest to what the browser asks for; English where there is none."""
    asked = (browser_locale or "en").replace("_", "-")
    if asked.startswith("sr"):
        return "sr-Latn" if "Latn" in asked else "sr-Cyrl"
    return asked[:2] if asked[:2] in OWN_NAMES else "en"


def write_cyrillic(text: str) -> str:
    """Serbian Latin as Cyrillic, by the rules of the two alphabets; abbreviations (all capitals) stay as they are."""
    words = re.split(r"(\w+)", text)
    return "".join(word if word.isupper() else re.sub(r"lj|nj|dž|.", _write_letter, word, flags=re.IGNORECASE | re.DOTALL) for word in words)


def _write_letter(found: re.Match[str]) -> str:
    letter = SERBIAN_LETTERS.get(found[0].lower(), found[0])
    return letter.upper() if found[0][0].isupper() else letter


@dataclass(frozen=True)
class Locale:
    """One of the five languages, with the conventions that go with it."""

    language: str

    @property
    def babel_name(self) -> str:
        return "en_GB" if self.language == "en" else self.language.replace("-", "_")

    @property
    def is_cyrillic(self) -> bool:
        """Whether names are written in Cyrillic."""
        return self.language in ("sr-Cyrl", "mk")

    def order(self, name: str) -> list[int]:
        """Sorts names as the language's alphabet does (a digraph as its two letters)."""
        alphabet = ALPHABETS["Cyrl" if self.is_cyrillic else "Latn"]
        return [alphabet.find(letter) for letter in name.casefold()]

    @property
    def separators(self) -> str:
        """Decimal mark and thousands mark, as Plotly takes them."""
        sample = format_decimal(1234567.5, locale=self.babel_name)
        return sample[-2] + sample[1]

    def say(self, key: str, **values: object) -> str:
        """The text of `key`, its {placeholders} filled. An unknown key is an error: every catalogue has every text."""
        return load_catalogue(self.language)[key].format(**values)

    def say_or(self, key: str, otherwise: str) -> str:
        """The text of `key`, or `otherwise` where the key comes from data and the catalogue need not know it."""
        return load_catalogue(self.language).get(key, otherwise)

    def name(self, place: Any) -> str:
        """A municipality's name in the script of the language; `place` has name_latn, name_cyrl and name_sq."""
        if self.is_cyrillic:
            return str(place["name_cyrl"])
        return str(place["name_latn"])

    def title(self, thing: Any) -> str:
        """The title of an indicator or programme: in the language where it has one, else in English."""
        suffix = self.language.replace("-", "_").lower()
        for column in (f"title_{suffix}", "title_sr_latn" if self.language.startswith("sr") else "title", "title"):
            if column in thing and is_known(thing[column]) and thing[column]:
                is_latin = self.language == "sr-Cyrl" and column == "title_sr_latn"
                return write_cyrillic(str(thing[column])) if is_latin else str(thing[column])
        raise KeyError("title")

    def label(self, labels: Any) -> str:
        """Of labels by language, the one of this language."""
        return str(labels[self.language])

    def number(self, value: object, places: int = 0) -> str:
        """A number with the language's separators, at most `places` decimals; `not known` for null."""
        if not is_known(value):
            return self.say("common.not_known")
        pattern = "#,##0" + ("." + "#" * places if places else "")
        return format_decimal(Decimal(str(value)), format=pattern, locale=self.babel_name)

    def share(self, value: object) -> str:
        """A share of one as a percentage with at most one decimal."""
        if not is_known(value):
            return self.say("common.not_known")
        return self.number(Decimal(str(value)) * 100, 1) + ("%" if self.language == "en" else "\N{NO-BREAK SPACE}%")

    def figure(self, value: object, unit: str, qualifier: object = None) -> str:
        """An indicator's value in its unit; `about 30` and `at least 30` are said as such, null is `not known`."""
        if not is_known(value):
            return self.say("common.not_known")
        if unit in SHARES:
            text = self.share(value)
        elif unit in CURRENCIES:
            text = f"{self.number(value)}\N{NO-BREAK SPACE}{unit}"
        else:
            whole = Decimal(str(value)) == Decimal(str(value)).to_integral_value()
            text = self.number(value, 0 if whole or abs(Decimal(str(value))) >= 1000 else 2)
        if is_known(qualifier) and qualifier != "exact":
            return self.say(f"qualifier.{qualifier}", value=text)
        return text

    def unit(self, unit: str) -> str:
        """The unit in words; empty where the figure itself already shows it."""
        return "" if unit in SHARES | CURRENCIES else self.say_or(f"unit.{unit}", unit.replace("_", " "))

    def day(self, value: object) -> str:
        """A date in the language's own order; `not known` for null."""
        if not is_known(value):
            return self.say("common.not_known")
        return format_date(value, format="medium", locale=self.babel_name) if isinstance(value, date) else str(value)

    def moment(self, value: object) -> str:
        """A UTC time to the minute."""
        if not is_known(value):
            return self.say("common.not_known")
        pattern = "d MMM y HH:mm 'UTC'" if self.language == "en" else "dd.MM.y HH:mm 'UTC'"
        return format_datetime(value, format=pattern, locale=self.babel_name) if isinstance(value, datetime) else str(value)

    def period(self, period_id: str) -> str:
        """A period as people say it; a range or a part of an unstated year keeps its notation."""
        if period_id in ("to-date", "not-stated"):
            return self.say("period." + period_id.replace("-", "_"))
        if found := re.fullmatch(r"(\d{4})-([QH])(\d)", period_id):
            return self.say(f"period.{'quarter' if found[2] == 'Q' else 'half'}", number=found[3], year=found[1])
        if found := re.fullmatch(r"(\d{4}|XXXX)-(\d\d)(?:/\1-(\d\d))?", period_id):
            months = "–".join(
                format_date(date(2000, int(month), 1), format="LLLL", locale=self.babel_name) for month in (found[2], found[3]) if month
            )
            return f"{months} ({self.say('period.no_year')})" if found[1] == "XXXX" else f"{months} {found[1]}"
        return period_id

    def edtf(self, text: str) -> str:
        """A date as exact as it was stated: day, month of a year, year, or a day or month of a year that was not stated."""
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return format_date(date.fromisoformat(text), format="medium", locale=self.babel_name)
        if found := re.fullmatch(r"XXXX-(\d\d)-(\d\d)", text):
            day = format_date(date(2000, int(found[1]), int(found[2])), format="d MMMM", locale=self.babel_name)
            return f"{day} ({self.say('period.no_year')})"
        return self.period(text)
