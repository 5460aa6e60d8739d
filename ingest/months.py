"""Names of months in the languages of the forms, and a date written out in words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from ingest.letters import INVISIBLE, mend_mixed_words

# As they stand after a day: "3. oktobra 2022", "3 октомври 2022".
_AFTER_A_DAY: Mapping[str, tuple[str, ...]] = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
    "sr-Latn": ("januara", "februara", "marta", "aprila", "maja", "juna", "jula", "avgusta", "septembra", "oktobra", "novembra", "decembra"),
    "sr-Cyrl": ("јануара", "фебруара", "марта", "априла", "маја", "јуна", "јула", "августа", "септембра", "октобра", "новембра", "децембра"),
    "mk": ("јануари", "февруари", "март", "април", "мај", "јуни", "јули", "август", "септември", "октомври", "ноември", "декември"),
    "sq": ("janar", "shkurt", "mars", "prill", "maj", "qershor", "korrik", "gusht", "shtator", "tetor", "nëntor", "dhjetor"),
}

# Every form met in reports, plain (Latin letters, no diacritics, lower case): nominative, oblique cases, article, abbreviation.
_FORMS = (
    "january januar januara januaru januarom januari januarit jan janar janari janarit",
    "february februar februara februaru februarom fevruari feb fev febr shkurt shkurti shkurtit",
    "march mart marta martu martom mar mars marsi marsit",
    "april aprila aprilu aprilom apr prill prilli prillit",
    "may maj maja maju majem majot maji majit",
    "june jun juna junu junom juni junij junija jun qershor qershori qershorit",
    "july jul jula julu julom juli julij julija jul korrik korriku korrikut",
    "august avgust avgusta avgustu avgustom aug avg gusht gushti gushtit",
    "september septembar septembra septembru septembrom septemvri sep sept shtator shtatori shtatorit",
    "october oktobar oktobra oktobru oktobrom oktomvri oct okt tetor tetori tetorit",
    "november novembar novembra novembru novembrom noemvri nov noem nentor nentori nentorit",
    "december decembar decembra decembru decembrom dekemvri dec dek dhjetor dhjetori dhjetorit",
)
MONTHS: Mapping[str, int] = {form: month for month, forms in enumerate(_FORMS, 1) for form in forms.split()}

# Serbian and Macedonian letters; pairs are written as people type them without diacritics (ђ and đ as dj, ѓ as gj).
_LATIN = str.maketrans(
    dict(zip("абвгдежзијклмнопрстуфхцчшћ", "abvgdezzijklmnoprstufhccsc", strict=True))
    | {"ђ": "dj", "đ": "dj", "ѓ": "gj", "ќ": "kj", "љ": "lj", "њ": "nj", "џ": "dz", "ѕ": "dz"}
    | dict.fromkeys("–—−‐‑", "-")
    | {"ǉ": "lj", "ǌ": "nj", "ǆ": "dz", "’": "'"}
    | dict.fromkeys(map(chr, INVISIBLE), "")
)


@lru_cache(maxsize=20_000)
def write_plain(text: str) -> str:
    """The text in lower-case Latin letters without diacritics, white space as single blanks, all dashes as "-"; digits and punctuation stay.

    Both scripts of one word give the same: "Октобра" and "oktobra" → "oktobra".
    """
    # Cyrillic first: decomposed, ѓ and ќ would lose the accent that tells them from г and к.
    composed = text if text.isascii() else mend_mixed_words(unicodedata.normalize("NFC", text))
    latin = composed.casefold().translate(_LATIN)
    # Not NFKD: it would turn the footnote mark of "30¹" into a digit.
    stripped = "".join(letter for letter in unicodedata.normalize("NFD", latin) if not unicodedata.combining(letter))
    return " ".join(stripped.split())


def write_date(day: date, language: str) -> str:
    """A day in words that cannot be misread: "3. oktobra 2022" in Serbian, "3 October 2022" in English."""
    month = _AFTER_A_DAY[language][day.month - 1]
    return f"{day.day}. {month} {day.year}" if language.startswith("sr") else f"{day.day} {month} {day.year}"
