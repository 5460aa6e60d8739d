"""Every rule is said in every language, and says what is wrong and where."""

import re
from datetime import date
from decimal import Decimal

import pytest

from ingest.findings import Finding, full_message, load_rules, message, severity_of
from ingest.sections import load_sections

LANGUAGES = ("en", "sr-Latn", "sr-Cyrl", "mk", "sq")
PLACEHOLDER = re.compile(r"\{(\w+)\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def optional_groups(template: str) -> list[list[str]]:
    return sorted(sorted(PLACEHOLDER.findall(part)) for part in OPTIONAL.findall(template))


@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.name)
def test_each_rule_is_complete_in_all_languages_with_the_same_values_and_optional_parts(rule):
    assert rule.severity in ("error", "warning")
    assert rule.why.endswith(".") and rule.why.count(". ") == 0
    assert set(rule.messages) == set(rule.titles) == {"en", *rule.reasons} == set(LANGUAGES)
    english = rule.messages["en"]
    for language, template in rule.messages.items():
        assert sorted(set(PLACEHOLDER.findall(template))) == sorted(set(PLACEHOLDER.findall(english))), language
        assert optional_groups(template) == optional_groups(english), language
        assert not re.search(r"[\[\]{}]", PLACEHOLDER.sub("", OPTIONAL.sub(r"\1", template))), language


@pytest.mark.parametrize("rule", load_rules().values(), ids=lambda rule: rule.name)
def test_cyrillic_messages_have_no_latin_words_beyond_names_and_latin_messages_no_cyrillic(rule):
    latin_names = {"Excel", "LibreOffice", "xlsx", "csv", "CSV", "RSD", "MKD", "EUR", "USD", "CHF", "GBP", "Q", "H", "Outlook", "HTML"}
    for language, template in rule.messages.items():
        words = PLACEHOLDER.sub("", template)
        if language in ("sr-Cyrl", "mk"):
            assert set(re.findall(r"[A-Za-zČčĆćŽžŠšĐđ]+", words)) <= latin_names, language
        else:
            assert not re.search(r"[\u0400-\u04ff]", words), language


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Sheet “Обуки”, cell H8: Here only whole numbers can stand, and 2.5 is not one. Correct the number."),
        ("sr-Latn", "List „Обуки“, ćelija H8: Ovde može da stoji samo ceo broj, a 2,5 to nije. Ispravite broj."),
        ("sr-Cyrl", "Лист „Обуки“, ћелија H8: Овде може да стоји само цео број, а 2,5 то није. Исправите број."),
        ("mk", "Лист „Обуки“, ќелија H8: Овде може да стои само цел број, а 2,5 не е. Исправете го бројот."),
        ("sq", "Fleta “Обуки”, qeliza H8: Këtu mund të jetë vetëm një numër i plotë, dhe 2,5 nuk është. Korrigjoni numrin."),
    ],
)
def test_a_finding_is_said_with_its_sheet_and_cell(language, text):
    finding = Finding("error", "number_not_whole", sheet="Обуки", cell="H8", params={"value": Decimal("2.5")})
    assert full_message(finding, language) == text


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({}, "The file is empty."),
        ({"sheet": "Обуки"}, "Sheet “Обуки”: The file is empty."),
        ({"sheet": "Обуки", "row": 9}, "Sheet “Обуки”, row 9: The file is empty."),
        ({"sheet": "Обуки", "row": 9, "cell": "B9"}, "Sheet “Обуки”, cell B9: The file is empty."),
    ],
)
def test_the_place_is_as_exact_as_it_is_known(place, said):
    assert full_message(Finding("error", "file_empty", **place), "en") == f"{said} Check that you sent the right file and send it again."


def test_a_part_without_its_value_is_left_out():
    with_nearest = message("heading_unknown", {"heading": "Žena", "nearest": "Žene"}, "sr-Latn")
    without = message("heading_unknown", {"heading": "Žena", "nearest": None}, "sr-Latn")
    assert with_nearest == "Zaglavlje „Žena“ nije poznato i kolona je izostavljena. Da li mislite na „Žene“? Koristite zaglavlja iz obrasca."
    assert without == "Zaglavlje „Žena“ nije poznato i kolona je izostavljena. Koristite zaglavlja iz obrasca."


def test_reported_text_that_looks_like_a_placeholder_is_said_as_it_is():
    assert message("number_unreadable", {"text": "{value} [x] {0}"}, "en").startswith("This is not a number: “{value} [x] {0}”. ")


def test_numbers_and_dates_are_written_as_the_language_writes_them():
    readings = {"text": "1.234", "reading_1": 1234, "reading_2": Decimal("1.234")}
    assert message("number_ambiguous", readings, "mk").startswith("„1.234“ може да се прочита како 1234 или како 1,234.")
    assert message("number_negative", {"value": Decimal("-1234567.50")}, "sr-Cyrl").startswith("Број је мањи од нуле (-1.234.567,50).")
    days = {"text": "03/04/2022", "reading_1": date(2022, 3, 4), "reading_2": date(2022, 4, 3)}
    assert message("date_ambiguous", days, "sr-Latn") == (
        "„03/04/2022“ može da se pročita kao 4. marta 2022 ili kao 3. aprila 2022. Upišite mesec slovima ili datum kao 2015-11-13."
    )


def test_lists_are_written_out():
    assert message("code_unknown", {"text": "ромкиња", "allowed": ("roma", "other")}, "en") == (
        "This answer is not in the list: “ромкиња”. Choose one of: roma, other."
    )


def test_sections_are_called_by_their_labels():
    labels = load_sections()
    said = message("section_empty_not_said", {"section": ["trainings", "grants"]}, "mk")
    assert f"да се пријави: {labels['trainings'].labels['mk']}, {labels['grants'].labels['mk']}. Се смета" in said
    assert message("section_said_data_but_empty", {"section": "trainings"}, "en") == (
        "The first sheet says that there are data for “Trainings”, but there are no rows of them. Fill in the rows or choose “nothing to report”."
    )


def test_unknown_rule_raises():
    with pytest.raises(LookupError, match="there is no rule no_such_rule"):
        severity_of("no_such_rule")
    with pytest.raises(LookupError, match="there is no rule no_such_rule"):
        message("no_such_rule", {}, "en")
