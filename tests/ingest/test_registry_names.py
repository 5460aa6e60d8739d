"""Names as people write them, one sentence each."""

from collections import Counter
from pathlib import Path

import pytest

from ingest.registry import Match, NotInRegistry, Question, Registry

REFERENCE = Path(__file__).parents[2] / "data" / "reference"


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(REFERENCE)


def candidates(answer: Match | Question) -> list[str]:
    assert isinstance(answer, Question)
    return [candidate.name for candidate in answer.candidates]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("70670", Match("70670", "code")),
        (" mk00307 ", Match("MK00307", "code")),
        ("МК00307", Match("MK00307", "code")),  # Cyrillic М and К
        ("Kruševac (70670)", Match("70670", "code")),
        ("MK-85 Скопје", Match("MK-85", "code")),
    ],
)
def test_an_official_code_is_enough_and_a_name_beside_it_may_agree(registry, text, match):
    assert registry.resolve(text) == match


def test_a_code_that_contradicts_the_name_beside_it_is_a_question(registry):
    assert candidates(registry.resolve("Kičevo (70670)")) == ["Kruševac", "Kičevo"]


def test_a_code_beside_a_name_that_nobody_knows_is_a_question(registry):
    assert candidates(registry.resolve("Kruševičko (70670)")) == ["Kruševac"]


@pytest.mark.parametrize("text", ["70671", "99999", "MK00999"])
def test_a_code_that_does_not_exist_is_a_question_without_candidates(registry, text):
    assert registry.resolve(text) == Question(text, ())


@pytest.mark.parametrize(
    "text",
    [
        "Kruševac",
        "Крушевац",
        "KRUŠEVAC",
        "крушевац",
        "Grad Kruševac",
        "ГРАД КРУШЕВАЦ",
        "Opština Kruševac",
        "City of Kruševac",
        "u Kruševcu",
        "градa Крушевца",
    ],
)
def test_script_case_prefix_and_known_inflection_are_forgiven(registry, text):
    assert registry.resolve(text).code == "70670"


@pytest.mark.parametrize(
    "text", ["Gjorče Petrov", "Đorče Petrov", "Djorče Petrov", "Djorce Petrov", "Gorce Petrov", "Ѓорче Петров", "Ђорче Петров", "Гјорче Петров"]
)
def test_every_way_to_write_gje_is_the_same_letter(registry, text):
    assert registry.resolve(text).code == "MK00805"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Arandjelovac", "70033"),
        ("Arandelovac", "70033"),
        ("Odzaci", "80306"),
        ("Оџаци", "80306"),
        ("Врнјачка Бања", "70459"),
        ("Ǉig", "70769"),
        ("Indjija", "80179"),
    ],
)
def test_digraphs_are_one_letter_however_they_are_typed(registry, text, code):
    assert registry.resolve(text).code == code


def test_missing_diacritics_are_forgiven_in_latin_script(registry):
    assert registry.resolve("Raca") == Match("71013", "without_diacritics")
    assert registry.resolve("OPSTINA RASKA") == Match("71021", "without_diacritics")


@pytest.mark.parametrize(
    ("text", "meant"), [("Крусевац", "Kruševac"), ("Раца", "Rača"), ("Нис", "Niš"), ("Стип", "Štip"), ("Горче Петров", "Gjorče Petrov (Skopje)")]
)
def test_a_cyrillic_letter_never_stands_for_the_one_with_a_mark(registry, text, meant):
    assert candidates(registry.resolve(text))[0] == meant


def test_a_wrong_diacritic_is_a_question(registry):
    assert candidates(registry.resolve("Ćačak")) == ["Čačak"]


def test_raca_is_never_raska(registry):
    assert [registry.resolve(text).code for text in ("Rača", "Рача", "Raca", "Raška", "Рашка", "Raska")] == ["71013"] * 3 + ["71021"] * 3


def test_centar_is_never_centar_zupa(registry):
    assert [registry.resolve(text).code for text in ("Centar", "Општина Центар", "Centar Župa", "Центар Жупа")] == ["MK00814"] * 2 + ["MK00313"] * 2


def test_palanka_alone_may_be_any_of_them(registry):
    assert set(candidates(registry.resolve("Palanka"))) >= {"Bela Palanka", "Bačka Palanka", "Smederevska Palanka", "Kriva Palanka"}


@pytest.mark.parametrize("text", ["Palilula", "ПАЛИЛУЛА", "GO Palilula", "Gradska opština Palilula", "Grad Palilula"])
def test_palilula_without_a_city_is_a_question(registry, text):
    assert registry.resolve(text) == Question(text, (("70203", "Palilula (Beograd)", 100.0), ("71323", "Palilula (Niš)", 100.0)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Palilula (Beograd)", "70203"),
        ("Beograd-Palilula", "70203"),
        ("Palilula, Niš", "71323"),
        ("GO Palilula, Grad Niš", "71323"),
        ("ГО Палилула – Ниш", "71323"),
        ("Centar, Skopje", "MK00814"),
    ],
)
def test_a_city_beside_it_says_which_city_municipality(registry, text, code):
    assert registry.resolve(text).code == code


@pytest.mark.parametrize(
    ("name", "city", "part"),
    [("Užice", "79065", "71145"), ("Врање", "79057", "70432"), ("Požarevac", "79049", "70947"), ("Нови Сад", "89010", "80284")],
)
def test_a_plain_name_is_the_city_and_go_its_city_municipality(registry, name, city, part):
    assert [registry.resolve(text).code for text in (name, f"Grad {name}", f"{name} - grad")] == [city] * 3
    assert [registry.resolve(text).code for text in (f"GO {name}", f"ГО {name}", f"Г.О. {name}", f"Gradska opština {name}")] == [part] * 4
    assert len(candidates(registry.resolve(f"Opština {name}"))) == 2


def test_go_before_a_city_that_has_no_such_part_is_a_question(registry):
    assert candidates(registry.resolve("GO Kruševac")) == ["Kruševac"]


def test_stari_grad_keeps_its_second_word(registry):
    assert [registry.resolve(text).code for text in ("Stari grad", "GO Stari grad", "Стари Град", "Stari grad (Beograd)")] == ["70246"] * 4


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Komuna e Kërçovës", "MK00307"),
        ("Kërçovë", "MK00307"),
        ("Komuna Tetove", "MK00609"),
        ("Qyteti i Shkupit", "MK-85"),
        ("Shkup", "MK-85"),
        ("Presheva", "70963"),
    ],
)
def test_albanian_names_are_known(registry, text, code):
    assert registry.resolve(text).code == code


@pytest.mark.parametrize(
    ("text", "code"), [("Kочани", "MK00206"), ("Cомбор", "80381"), ("Kruševaс", "70670"), ("HOBA ВАРОШ", "70866"), ("Општинa Pача", "71013")]
)
def test_letters_that_only_look_right_are_repaired(registry, text, code):
    assert registry.resolve(text) == Match(code, "look_alikes")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("M. Brod", "Makedonski Brod"),
        ("Мак. Брод", "Makedonski Brod"),
        ("Ѓ. Петров", "Gjorče Petrov (Skopje)"),
        ("Vrnj. Banja", "Vrnjačka Banja"),
        ("N. Beograd", "Novi Beograd (Beograd)"),
    ],
)
def test_a_shortened_name_is_a_question_that_knows_what_it_is_short_for(registry, text, meant):
    assert meant in candidates(registry.resolve(text))


@pytest.mark.parametrize("text", ["Gradska uprava Kruševac", "Gradska uprava grada Kruševca", "Uprava grada Kruševca", "Градска управа Крушевац"])
def test_an_office_signs_for_its_municipality(registry, text):
    assert registry.resolve(text).code == "70670"


def test_an_office_of_something_else_in_it_is_a_question(registry):
    assert candidates(registry.resolve("Gradska uprava za finansije Kruševac"))[0] == "Kruševac"


@pytest.mark.parametrize("text", ["Kru\u00adše\u00advac", "Kruševac\u200b", "\ufeffКруше\u200bвац", "Grad\u00a0Kruševac"])
def test_letters_that_are_not_seen_are_no_letters(registry, text):
    assert registry.resolve(text) == Match("70670", "name")


@pytest.mark.parametrize(("text", "meant"), [("Krusevaс", "Kruševac"), ("Гроcка", "Grocka (Beograd)"), ("Kочни", "Kočani"), ("Kruшevac", "Kruševac")])
def test_a_name_that_needs_that_repair_and_anything_else_is_a_question(registry, text, meant):
    assert meant in candidates(registry.resolve(text))


def test_a_country_leaves_out_the_names_of_the_other(registry):
    assert registry.resolve("Битола", country="MK") == Match("MK00501", "name")
    assert registry.resolve("Битола", country="RS") == Question("Битола", (("MK00501", "Bitola", 100.0),))
    assert candidates(registry.resolve("Kruševa", country="MK")) == ["Kruševo"]


@pytest.mark.parametrize("text", ["", " ", "Grad", "—", "12", "Atlantis"])
def test_what_names_no_place_is_a_question_without_candidates(registry, text):
    assert registry.resolve(text) == Question(text, ())


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("MK-LSP", Match("MK-LSP", "code")),
        ("rs giz zzz", Match("RS-GIZ-ZZZ", "name")),
        ("ZAJEDNO ZA ZAJEDNICU", Match("RS-GIZ-ZZZ", "name")),
        ("Заједно за заједницу", Match("RS-GIZ-ZZZ", "name")),
        ("Pilotiranje programa odgovorne socijalne podrske", Match("MK-ROSP", "without_diacritics")),
        ("Inkluzija Roma i drugih marginalizovanih grupa u Srbiji", Match("RS-GIZ-INCLUSION", "name")),
        (
            "Podrska odrzivim uslugama socijalne zastite u zajednici i politikama inkluzije na lokalnom nivou",
            Match("RS-SKGO-IPA2020", "without_diacritics"),
        ),
    ],
)
def test_a_programme_is_known_by_its_id_or_its_title_in_any_language(registry, text, match):
    assert registry.resolve_programme(text) == match


def test_part_of_a_title_is_a_question(registry):
    answer = registry.resolve_programme("Local social plans")
    assert isinstance(answer, Question)
    assert answer.candidates[0].code == "MK-LSP"


def test_a_name_for_a_municipality_that_is_not_listed_is_refused(tmp_path):
    for name in ("municipalities.csv", "programmes.csv"):
        (tmp_path / name).write_bytes((REFERENCE / name).read_bytes())
    (tmp_path / "municipality_names.csv").write_text("municipality_code,name,script,kind,source\n12345,Nigde,Latn,variant,\n")
    with pytest.raises(NotInRegistry, match=r"^municipality_names.csv: Nigde: no municipality has the code 12345$"):
        Registry.load(tmp_path)


def test_every_place_of_both_countries_is_listed(registry):
    assert Counter((place.country_code, place.level) for place in registry.municipalities.values()) == {
        ("RS", "city"): 28,
        ("RS", "municipality"): 117,
        ("RS", "city_municipality"): 30,
        ("MK", "city"): 1,
        ("MK", "municipality"): 70,
        ("MK", "city_municipality"): 10,
    }


def test_a_place_tells_its_city_and_an_unknown_population_is_none(registry):
    place = registry.municipality("80284")
    assert (place.name_latn, place.level, place.parent_code, place.population) == ("Novi Sad", "city_municipality", "89010", None)
    with pytest.raises(NotInRegistry, match="no municipality has the code 80285"):
        registry.municipality("80285")
    with pytest.raises(NotInRegistry, match="no programme has the id NOPE"):
        registry.programme("NOPE")
