"""The few words that the sample's rows need beyond the labels of sections and codes, in the five languages."""

from collections.abc import Mapping

Words = Mapping[str, str]

EXAMPLE: Words = {"en": "Example", "sr-Latn": "Primer", "sr-Cyrl": "Пример", "mk": "Пример", "sq": "Shembull"}
ABOUT: Words = {"en": "about", "sr-Latn": "oko", "sr-Cyrl": "око", "mk": "околу", "sq": "rreth"}
AT_LEAST: Words = {"en": "at least", "sr-Latn": "najmanje", "sr-Cyrl": "најмање", "mk": "најмалку", "sq": "të paktën"}
NOT_KNOWN: Words = {"en": "not known", "sr-Latn": "nije poznato", "sr-Cyrl": "није познато", "mk": "не е познато", "sq": "nuk dihet"}
COUNCIL: Words = {
    "en": "Municipal council",
    "sr-Latn": "Skupština opštine",
    "sr-Cyrl": "Скупштина општине",
    "mk": "Совет на општината",
    "sq": "Këshilli komunal",
}
SYNTHETIC: Words = {
    "en": "Invented for the demonstration.",
    "sr-Latn": "Izmišljeno radi prikaza.",
    "sr-Cyrl": "Измишљено ради приказа.",
    "mk": "Измислено заради приказ.",
    "sq": "E sajuar për demonstrim.",
}
# What a form says when nobody has counted: no reader may take it for a number.
UNREADABLE: Words = {
    "en": "a dozen or so, see annex",
    "sr-Latn": "videti prilog 2",
    "sr-Cyrl": "видети прилог 2",
    "mk": "види прилог 2",
    "sq": "shih shtojcën 2",
}
