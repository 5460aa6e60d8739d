"""The sections as the template, the reader and the warehouse take them."""

import importlib.util
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import pytest

from ingest import sections as shipped
from ingest.periods import Period, parse_period
from ingest.sections import LANGUAGES, OWN_PERIOD, fold, load_code_lists, load_report_sheet, load_sections, raw_columns
from ingest.values import parse

FOLDER = Path(shipped.__file__).parent


def _texts_of_all() -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text in five languages that is shown to a person, with where it stands."""
    for section in load_sections().values():
        yield section.name, section.labels
        yield f"{section.name} description", section.description
        for field in section.fields:
            yield f"{section.name}.{field.name}", field.labels
            yield f"{section.name}.{field.name} help", field.help
    for code_list in load_code_lists().values():
        for code, labels in code_list.codes.items():
            yield f"{code_list.name}: {code}", labels
    report = load_report_sheet()
    for name, term in {**report.fields, **report.table, "sheet": report.sheet, "whole": report.whole_programme}.items():
        yield f"report {name}", term.labels
        if term.help:
            yield f"report {name} help", term.help
    yield "report title", report.title
    yield from ((f"report text {name}", texts) for name, texts in report.texts.items())
    for topic in range(len(report.instructions["en"])):
        yield f"instructions {topic} heading", {language: report.instructions[language][topic][0] for language in LANGUAGES}
        yield f"instructions {topic} text", {language: report.instructions[language][topic][1] for language in LANGUAGES}


def test_there_are_ten_sections_in_the_order_of_the_template() -> None:
    assert list(load_sections()) == [
        "grants",
        "engagements",
        "trainings",
        "equipment",
        "services",
        "local_plans",
        "household_support",
        "participations",
        "events",
        "observations",
    ]


def test_a_thing_is_known_by_its_ref_or_else_by_its_natural_key() -> None:
    keys = {
        name: (section.ref.name if section.ref else None, section.natural_key, section.natural_key_may_be_partial)
        for name, section in load_sections().items()
    }
    assert keys == {
        "grants": ("grant_ref", ("grantee_name", "awarded_on"), False),
        "engagements": ("engagement_ref", ("employer_name", "started_on"), False),
        "trainings": ("training_ref", ("title", "started_on"), False),
        "equipment": ("equipment_ref", ("item_name", "recipient_name", "delivered_on"), False),
        "services": ("service_ref", ("service_type", "provider_name"), False),
        "local_plans": (None, ("plan_type",), True),
        "household_support": ("support_ref", (), False),
        "participations": (None, ("component", "phase", "role"), True),
        "events": ("event_ref", ("event_type", "held_on"), False),
        "observations": (None, ("measure_code", "source_id", OWN_PERIOD), True),
    }


def test_fields_that_can_name_a_person_are_marked() -> None:
    personal = {f"{section.name}.{field.name}" for section in load_sections().values() for field in section.fields if field.is_personal}
    assert personal == {
        "grants.grantee_name",
        "engagements.person_ref",
        "engagements.employer_name",
        "equipment.recipient_name",
        *(f"{name}.note" for name in load_sections()),
    }


def test_only_a_row_of_trainings_counts_as_one_where_it_says_nothing() -> None:
    defaults = {
        (section.name, field.name): field.default for section in load_sections().values() for field in section.fields if field.default is not None
    }
    assert defaults == {("trainings", "trainings_count"): 1}


def test_sections_about_persons_end_with_what_holds_for_the_whole_row() -> None:
    ends = {name: tuple((field.name, field.codes) for field in section.fields[-4:]) for name, section in load_sections().items()}
    dimensions = (("sex", "sex"), ("community", "community"), ("age_group", "age_groups"), ("target_group", "target_groups"))
    assert {name for name, end in ends.items() if end == dimensions} == {"engagements", "trainings", "services"}


def test_raw_columns_keep_how_exact_a_figure_and_a_date_are() -> None:
    assert raw_columns(load_sections()["equipment"]) == {
        "equipment_ref": "VARCHAR",
        "item_name": "VARCHAR",
        "equipment_type": "VARCHAR",
        "quantity": "BIGINT",
        "quantity_qualifier": "VARCHAR",
        "unit_cost": "DECIMAL(18,2)",
        "unit_cost_qualifier": "VARCHAR",
        "currency": "VARCHAR",
        "delivered_on_edtf": "VARCHAR",
        "delivered_on_earliest": "DATE",
        "delivered_on_latest": "DATE",
        "recipient_name": "VARCHAR",
        "recipient_type": "VARCHAR",
        "end_user_group": "VARCHAR",
        "note": "VARCHAR",
    }
    assert raw_columns(load_sections()["local_plans"])["valid_from_year"] == "INTEGER"
    assert raw_columns(load_sections()["observations"])["value"] == "DECIMAL(18,4)"


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        (("Број ангажованих:", "BROJ ANGAŽOVANIH", " broj_angazovanih "), "broj angazovanih"),
        (("Грађани", "Građani", "građani"), "gradjani"),
        (("Љубав, њива, џеп", "ljubav njiva džep", "ǉubav ǌiva ǆep"), "ljubav njiva dzep"),
        (("Ѓорче", "Gjorče"), "gjorce"),
        (("Ќе", "КJE"), "kje"),
        (("Persona të angazhuar",), "persona te angazhuar"),
        (("€", "( € )"), "€"),
        (("US$", "(us$)", "US＄"), "us$"),
        (("65+",), "65+"),
        (("...", ""), ""),
    ],
)
def test_texts_fold_alike_whatever_their_script_case_and_punctuation(texts: tuple[str, ...], folded: str) -> None:
    assert {fold(text) for text in texts} == {folded}


def test_every_text_stands_in_five_languages_each_in_its_own_letters() -> None:
    cyrillic, latin, codes = "[Ѐ-ӿ]", "[A-Za-zČčĆćĐđŠšŽž]", re.compile(r"\b(EUR|RSD|MKD|USD|CHF|GBP|Q1|H1)\b|XXXX")
    foreign = {"en": cyrillic, "sr-Latn": cyrillic, "sr-Cyrl": f"{latin}|[ЃѓЌќЅѕ]", "mk": f"{latin}|[ЂђЋћ]", "sq": cyrillic}
    wrong = [
        (where, language, text)
        for where, texts in _texts_of_all()
        for language, text in texts.items()
        if re.search(foreign[language], codes.sub("", text)) or re.search(r"TODO|TBD|\?\?|…|^\s*$", text)
    ]
    assert wrong == []
    assert {tuple(texts) for _, texts in _texts_of_all()} == {LANGUAGES}


def test_a_help_text_is_a_sentence_and_no_copy_of_another_language() -> None:
    helps = {where: texts for where, texts in _texts_of_all() if where.endswith((" help", " description"))}
    assert [where for where, texts in helps.items() if not all(text.endswith(".") for text in texts.values() if "?" not in text)] == []
    assert [where for where, texts in helps.items() if len(set(texts.values())) != len(LANGUAGES)] == []


def test_serbian_says_the_same_in_both_scripts() -> None:
    assert [where for where, texts in _texts_of_all() if fold(texts["sr-Cyrl"]) != fold(texts["sr-Latn"])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_are_unique_in_a_section_and_a_drop_down(language: str) -> None:
    headings = {name: [fold(field.labels[language]) for field in section.fields] for name, section in load_sections().items()}
    entries = {name: [fold(labels[language]) for labels in code_list.codes.values()] for name, code_list in load_code_lists().items()}
    assert {name: labels for name, labels in (headings | entries).items() if len(labels) != len(set(labels))} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_spreadsheet_takes_the_sheet_names_and_messages(language: str) -> None:
    report = load_report_sheet()
    names = [report.sheet.labels[language], report.instructions_sheet.labels[language], report.lists_sheet]
    names += [section.labels[language] for section in load_sections().values()]
    assert len({name.casefold() for name in names}) == len(names)
    assert [name for name in names if len(name) > 31 or re.search(r"[:\\/?*\[\]]", name)] == []
    helps = [field.help[language] for section in load_sections().values() for field in section.fields]
    helps += [term.help[language] for term in report.fields.values()] + [text[language] for text in report.texts.values()]
    assert [text for text in helps if len(text) > 255] == []


def test_a_place_column_is_never_taken_for_a_field() -> None:
    report = load_report_sheet()
    places = {
        fold(word)
        for name in ("municipality", "programme", "period")
        for word in (name, *report.fields[name].labels.values(), *report.fields[name].synonyms)
    }
    fields = {
        fold(word)
        for section in load_sections().values()
        for field in section.fields
        for word in (field.name, *field.labels.values(), *field.synonyms)
    }
    assert places & fields == set()


def test_answers_and_roles_have_exactly_the_codes_that_the_models_know() -> None:
    lists = load_code_lists()
    assert {name: tuple(lists[name].codes) for name in ("sex", "community", "roles", "said", "statements", "currencies")} == {
        "sex": ("female", "male"),
        "community": ("roma", "other"),
        "roles": ("supported", "attended", "expressed_interest"),
        "said": ("data", "nothing", "not_known"),
        "statements": ("replaces", "adds"),
        "currencies": ("RSD", "MKD", "EUR", "USD", "CHF", "GBP"),
    }


def test_every_code_list_is_used() -> None:
    used = {field.codes for section in load_sections().values() for field in section.fields if field.codes}
    assert set(load_code_lists()) - used == {"said", "statements"}


def _load_edited(monkeypatch: pytest.MonkeyPatch, folder: Path, file_name: str, old: str, new: str) -> ModuleType:
    """The loader over a copy of the definitions in which one text was changed."""
    copy = folder / "edited_sections"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    text = (copy / file_name).read_text(encoding="utf-8")
    assert old in text
    (copy / file_name).write_text(text.replace(old, new, 1), encoding="utf-8")
    spec = importlib.util.spec_from_file_location("edited_sections", copy / "__init__.py", submodule_search_locations=[str(copy)])
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "edited_sections", module)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("file_name", "old", "new", "message"),
    [
        ("events.yml", "  type: date\n", "  type: day\n",
            "events.yml: held_on: type 'day' is none of text, code, count, number, amount, date, year, ref"),
        ("events.yml", "  codes: event_types\n", "  codes: kinds\n", "events.yml: event_type: there is no code list 'kinds'"),
        ("events.yml", "  codes: event_types\n", "", "events.yml: event_type: codes belong to type code, and to it alone"),
        ("events.yml", "[event_type, held_on]", "[event_type, day]", "events.yml: natural_key names no field: day"),
        ("events.yml", "  personal: true\n", "  private: true\n", "events.yml: note: not understood: private"),
        ("events.yml", "labels: {en: Place, ", "labels: {", "events.yml: place: labels: needs exactly en, sr-Latn, sr-Cyrl, mk, sq, in this order"),
        ("events.yml", "mk: Место на одржување", 'mk: " "', "events.yml: place: labels: no text in mk"),
        ("events.yml", "en: Attendees", "en: mesto", "events.yml: 'mesto' means both place and attendees"),
        ("_code_lists.yml", "[sole trader, ", "[other, ", "_code_lists.yml: employer_types: 'other' means both entrepreneur and other"),
    ],
)  # fmt: skip
def test_a_wrong_definition_is_refused_by_file_and_field(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, file_name: str, old: str, new: str, message: str
) -> None:
    edited = _load_edited(monkeypatch, tmp_path, file_name, old, new)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        edited.load_sections()


def test_a_key_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    edited = _load_edited(monkeypatch, tmp_path, "events.yml", "section: events\n", "section: events\nsection: events\n")
    with pytest.raises(ValueError, match=r"given twice: section$"):
        edited.load_sections()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_of_the_instructions_are_read_as_they_say(language: str) -> None:
    texts = [text for _, text in load_report_sheet().instructions[language]]
    quoted, bracketed = re.compile("[„“]([^“”]+)[“”]"), re.compile(r"\(([^)]+)\)")
    count, day = load_sections()["engagements"].field("engaged_persons"), load_sections()["engagements"].field("started_on")

    assert [parse(count, example, language).is_unknown for example in quoted.findall(texts[1])] == [True]
    inexact = [parse(count, example, language) for example in quoted.findall(texts[3])]
    assert [(parsed.value, parsed.qualifier) for parsed in inexact] == [(30, "about"), (30, "at_least"), (30, "at_most")]
    month = {"en": "May 2021", "sr-Latn": "maj 2021.", "sr-Cyrl": "мај 2021.", "mk": "мај 2021", "sq": "maj 2021"}[language]
    dates = ["31.05.2021.", month, "2021", "XXXX-10-03"]
    assert [example for example in dates if example not in texts[4]] == []
    assert [parse(day, example, language).edtf for example in dates] == ["2021-05-31", "2021-05", "2021", "XXXX-10-03"]
    periods = [parse_period(example, language) for example in bracketed.findall(texts[5]) + quoted.findall(texts[5])]
    assert [period.period_id for period in periods if isinstance(period, Period)] == [
        "2024-03",
        "2024-Q1",
        "2024-H1",
        "2024",
        "2022-06/2022-09",
        "not-stated",
    ]
    said, code_list = quoted.findall(texts[6])[:3], load_report_sheet().said
    assert [fold(text) for text in said] == [fold(labels[language]) for labels in code_list.codes.values()]
