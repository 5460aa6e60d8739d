"""The name resolver measured on every name of the registry, in every form people write, and on misspellings of them."""

import csv
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.registry import Match, Municipality, Question, Registry

REFERENCE = Path(__file__).parents[2] / "data" / "reference"
LOOK_ALIKES = dict(zip("aeopcjxкAEOPCHBTKM", "аеорсјхkАЕОРСНВТКМ", strict=True))
LOOK_ALIKES |= {right: left for left, right in LOOK_ALIKES.items()}
UNMARKED_CYRILLIC = str.maketrans("шчћжђџШЧЋЖЂЏ", "сццзддСЦЦЗДД")


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry.load(REFERENCE)


@pytest.fixture(scope="module")
def name_rows() -> list[dict[str, str]]:
    with (REFERENCE / "municipality_names.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def without_marks(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")) if not unicodedata.combining(c))


def list_spellings(name: str, is_cyrillic: bool) -> Iterator[str]:
    """The same name in other cases, digraphs, code points and, in Latin script, with diacritics missing."""
    yield from (name, name.upper(), name.lower(), name.title(), unicodedata.normalize("NFD", name), f"  {name.replace(' ', chr(160))} ", f"„{name}“")
    # as text processors leave it
    yield from (f"{name[:2]}\u00ad{name[2:]}", f"{name}\u200b")
    if is_cyrillic:
        yield from (name.replace("ѓ", "ђ").replace("Ѓ", "Ђ"), name.replace("љ", "лј").replace("њ", "нј").replace("Љ", "Лј").replace("Њ", "Нј"))
    else:
        dj = name.replace("đ", "dj").replace("Đ", "Dj")
        ligatures = name.replace("lj", "ǉ").replace("nj", "ǌ").replace("dž", "ǆ").replace("Lj", "ǈ").replace("Nj", "ǋ")
        yield from (without_marks(name), without_marks(name).upper(), dj, without_marks(dj), without_marks(dj).upper(), ligatures)
        yield from (name[:i] + without_marks(name[i]) + name[i + 1 :] for i in range(len(name)))


def list_prefixed(place: Municipality, spelling: str, is_cyrillic: bool) -> Iterator[str]:
    """The spelling with the words that say what kind of place it is."""
    if place.level == "city":
        cyrillic = (f"Град {spelling}", f"ГРАД {spelling}", f"{spelling} - град", f"Градска управа града {spelling}")
        yield from cyrillic if is_cyrillic else (f"Grad {spelling}", f"City of {spelling}", f"Gradska uprava {spelling}")
    elif place.level == "city_municipality" and place.country_code == "RS":
        yield from (
            (f"ГО {spelling}", f"Градска општина {spelling}")
            if is_cyrillic
            else (f"GO {spelling}", f"Gradska opština {spelling}", f"G.O. {spelling}")
        )
    else:
        latin = (
            f"Opština {spelling}",
            f"OPSTINA {spelling}",
            f"Municipality of {spelling}",
            f"{spelling} Municipality",
            f"Opštinska uprava {spelling}",
        )
        yield from (f"Општина {spelling}", f"општина {spelling}", f"во {spelling}", f"Општинска управа {spelling}") if is_cyrillic else latin


def list_gold(registry: Registry) -> Iterator[tuple[str, str]]:
    """Pairs of (text, code): every municipality, in every form that means it and nothing else."""
    by_name: dict[str, list[Municipality]] = {}
    for place in registry.municipalities.values():
        by_name.setdefault(place.name_latn, []).append(place)
    for place in registry.municipalities.values():
        namesakes = [other for other in by_name[place.name_latn] if other != place]
        for name, is_cyrillic in ((place.name_latn, False), (place.name_cyrl, True), (place.name_en, False)):
            for spelling in list_spellings(name, is_cyrillic):
                if not namesakes or place.level == "city":
                    yield spelling, place.code
                if all(other.level == "city" for other in namesakes) or place.level == "city":
                    yield from ((text, place.code) for text in list_prefixed(place, spelling, is_cyrillic))
            if place.parent_code:
                city = registry.municipality(place.parent_code)
                city_name = city.name_cyrl if is_cyrillic else city.name_latn
                forms = (f"{name} ({city_name})", f"{city_name}-{name}", f"{name}, {city_name}", f"{city_name} – {name}".upper())
                yield from ((text, place.code) for text in forms)


def list_look_alikes(registry: Registry) -> Iterator[tuple[str, str]]:
    """Right names, but for one letter taken from the other script."""
    for place in registry.municipalities.values():
        for name in (place.name_latn, place.name_cyrl):
            for i, letter in enumerate(name):
                if letter in LOOK_ALIKES and len(name.split()) == 1:
                    yield name[:i] + LOOK_ALIKES[letter] + name[i + 1 :], name


def list_misspellings(registry: Registry) -> Iterator[tuple[str, str]]:
    """Pairs of (text, code it was made from): one letter lost, doubled, swapped with the next, replaced or put in; marks lost in Cyrillic."""
    chance = random.Random(20260101)
    for place in registry.municipalities.values():
        for name, letters in ((place.name_latn, "abcčćdđeghijklmnoprsštuvzž"), (place.name_cyrl, "абвгдђежзијклмнопрстћуфхцчшќѓ")):
            wrong = {name.translate(UNMARKED_CYRILLIC)}
            for i in range(len(name)):
                wrong |= {name[:i] + name[i + 1 :], name[:i] + name[i] + name[i:], name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :]}
                wrong |= {name[:i] + letter + name[i + 1 :] for letter in chance.sample(letters, 1)}
                wrong |= {name[:i] + letter + name[i:] for letter in chance.sample(letters, 1)}
            yield from ((text, place.code) for text in sorted(wrong - {name}))


def list_owners(registry: Registry, name_rows: list[dict[str, str]]) -> dict[str, set[str]]:
    """Every name exactly as the reference data write it, also without diacritics where it is Latin → whose it is."""
    owners: dict[str, set[str]] = {}
    known = [(place.code, name) for place in registry.municipalities.values() for name in (place.name_latn, place.name_cyrl, place.name_en)]
    for code, name in [*known, *((row["municipality_code"], row["name"]) for row in name_rows)]:
        for form in (name, without_marks(name)) if name.isascii() or without_marks(name).isascii() else (name,):
            owners.setdefault(form.casefold(), set()).add(code)
    return owners


def list_namesakes(registry: Registry, code: str) -> set[str]:
    """The codes of all places that bear this place's name: of two letters swapped in Užice nobody can tell which of the two was meant."""
    return {place.code for place in registry.municipalities.values() if place.name_latn == registry.municipality(code).name_latn}


def test_automatic_matches_are_all_right_and_nearly_every_variant_is_matched(registry, name_rows, capsys):
    gold = sorted(set(list_gold(registry)))
    owners = list_owners(registry, name_rows)
    misspellings = sorted(set(list_misspellings(registry)))

    answers = [(text, {code}, registry.resolve(text)) for text, code in gold]
    found = sum(isinstance(answer, Match) and answer.code in right for _, right, answer in answers)
    answers += [(text, owners.get(text.casefold(), list_namesakes(registry, code)), registry.resolve(text)) for text, code in misspellings]
    matched = [(text, right, answer.code) for text, right, answer in answers if isinstance(answer, Match)]
    wrong = [(text, right, code) for text, right, code in matched if code not in right]

    recall, precision = found / len(gold), 1 - len(wrong) / len(matched)
    asked = sum(isinstance(answer, Question) for _, _, answer in answers[len(gold) :])
    measured = {
        "precision among automatic matches": f"{precision:.3f} of {len(matched):,}",
        "recall of variants": f"{recall:.4f} of {len(gold):,}",
        "misspellings asked about": f"{asked:,} of {len(misspellings):,}",
    }
    with capsys.disabled():
        print("\nname resolver: " + "; ".join(f"{name} {figure}" for name, figure in measured.items()))
    assert wrong == []
    assert recall >= 0.99
    said = (REFERENCE.parents[1] / "docs" / "names.md").read_text(encoding="utf-8")
    assert [row for name, figure in measured.items() if (row := f"| {name} | {figure} |") not in said] == []


def test_a_misspelling_that_is_another_place_s_name_belongs_to_that_place(registry, name_rows):
    owners = list_owners(registry, name_rows)
    taken = {
        text: registry.resolve(text).code
        for text, code in list_misspellings(registry)
        if text.casefold() in owners and code not in owners[text.casefold()] and isinstance(registry.resolve(text), Match)
    }
    assert taken
    assert all(code in owners[text.casefold()] for text, code in taken.items())


def test_one_look_alike_letter_is_repaired_in_every_name(registry):
    unlike = [(text, name) for text, name in list_look_alikes(registry) if registry.resolve(text) != _as_repaired(registry.resolve(name), text)]
    assert unlike == []


def _as_repaired(answer: Match | Question, text: str) -> Match | Question:
    return Match(answer.code, "look_alikes") if isinstance(answer, Match) else Question(text, answer.candidates)


def test_every_name_in_the_reference_data_leads_to_its_municipality(registry, name_rows):
    lost = []
    for row in name_rows:
        place = registry.municipality(row["municipality_code"])
        answer = registry.resolve(row["name"])
        named = {answer.code} if isinstance(answer, Match) else {candidate.code for candidate in answer.candidates if candidate.score == 100}
        if not named & {place.code, place.parent_code}:
            lost.append((row["name"], place.code, answer))
    assert lost == []


def test_a_cyrillic_name_without_its_marks_is_always_asked_about(registry, name_rows):
    known = {row["name"].casefold() for row in name_rows}
    bare = {place.name_cyrl.translate(UNMARKED_CYRILLIC) for place in registry.municipalities.values()}
    changed = sorted(text for text in bare if text.casefold() not in known)
    assert len(changed) > 60
    assert [text for text in changed if isinstance(registry.resolve(text), Match)] == []
