"""A file that is refused as a whole is answered in the language of its sender, as far as anything tells it."""

import zipfile

import pytest

from ingest.answers import load_words
from ingest.feedback import feedback_text, write_feedback
from ingest.languages import language_of_texts
from munimon.reference import copy_reference
from tests.ingest.test_feedback import texts_of

NOT_A_WORKBOOK = b"PK\x03\x04 not a workbook"
REFUSED = load_words()["refused"]
"""How a file that cannot be opened is answered, by language."""


@pytest.fixture
def languages_of(home, tmp_path, send):
    """The languages in which the answer to a file that is refused is written, in order."""

    def ask(name="1.xlsx", content=NOT_A_WORKBOOK, **options):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        (submission,) = [each for each in send(path, **options).submissions if each.status == "refused"]
        text = feedback_text(home, submission.submission_id)
        return [language for _, language in sorted((text.index(said), language) for language, said in REFUSED.items() if said in text)]

    return ask


def test_by_the_municipality_of_the_command(languages_of):
    assert languages_of(municipality="Kruševac") == ["sr-Latn"]
    assert languages_of(municipality="Битола") == ["mk"]


def test_by_the_contact_with_the_senders_address(home, languages_of):
    copy_reference(home)
    lines = [
        "municipality_code,programme_id,name,email,language",
        "70670,,Office,office@krusevac.example,sr-Cyrl",
        "MK-TE,,Zyra,zyra@tearce.example,sq",
    ]
    code = next(line.split(",")[0] for line in (home.reference / "municipalities.csv").read_text(encoding="utf-8").splitlines() if "Tearce" in line)
    (home.reference / "contacts.csv").write_text("\n".join(lines).replace("MK-TE", code) + "\n", encoding="utf-8")

    assert languages_of(sent_by="Office <office@krusevac.example>") == ["sr-Cyrl"]
    assert languages_of(content=NOT_A_WORKBOOK + b"2", sent_by="Zyra@tearce.example") == ["sq"]


def test_by_what_else_the_sender_sent(report, send_one, languages_of):
    send_one(report(language="mk"), sent_by="office")
    assert languages_of(sent_by="office") == ["mk"]
    assert languages_of(content=NOT_A_WORKBOOK + b"2", sent_by="another") == ["sr-Latn", "mk", "sq", "en"]


def test_by_what_came_with_it(tmp_path, report, send, home):
    with zipfile.ZipFile(tmp_path / "izvestaji.zip", "w") as packed:
        packed.write(report(language="sr-Cyrl"), "a.xlsx")
        packed.writestr("b.xlsx", NOT_A_WORKBOOK)
    (refused,) = [each for each in send(tmp_path / "izvestaji.zip").submissions if each.status == "refused"]

    assert REFUSED["sr-Cyrl"] in feedback_text(home, refused.submission_id)


def test_by_its_own_words_where_its_form_is_none_of_ours(languages_of):
    assert languages_of("1.csv", "Poštovani,;\nšaljemo vam izveštaj za prošli kvartal;\n".encode()) == ["sr-Latn"]
    assert languages_of("1.csv", "Почитувани,;\nви го испраќаме извештајот за година;\n".encode()) == ["mk"]
    assert languages_of("1.csv", "Të nderuar,;\nraporti ynë për tremujorin;\n".encode()) == ["sq"]


def test_by_its_name(languages_of):
    assert languages_of("Извештај Крушевац 2024. године.xlsx") == ["sr-Cyrl"]


def test_where_only_the_programme_is_known_in_the_languages_of_its_country(languages_of):
    assert languages_of(programme="MK-LSP") == ["mk", "sq"]
    assert languages_of(programme="RS-GIZ-ZZZ") == ["sr-Latn", "sr-Cyrl"]


def test_where_nothing_is_known_in_all(languages_of):
    assert languages_of() == ["sr-Latn", "mk", "sq", "en"]


def test_the_message_of_ingest_is_in_the_language_of_the_answer(tmp_path, send_one):
    path = tmp_path / "1.xlsx"
    path.write_bytes(NOT_A_WORKBOOK)

    assert "Datoteka" in send_one(path, municipality="Kruševac").findings[0].message
    assert "file" in send_one(path).findings[0].message


def test_the_workbook_says_it_in_each_language_too(home, tmp_path, send_one):
    path = tmp_path / "1.xlsx"
    path.write_bytes(NOT_A_WORKBOOK)
    written = write_feedback(home, send_one(path, programme="MK-LSP").submission_id, tmp_path / "answer.xlsx")

    lines = [row[0] for row in texts_of(written, "Што да се исправи") if row]
    assert [said for said in lines if said in REFUSED.values()] == [REFUSED["mk"], REFUSED["sq"]]


@pytest.mark.parametrize("text", ["", "Dokument1", "2024", "Шид"])
def test_nothing_tells_the_language_of_a_text_that_may_be_of_several(text):
    assert language_of_texts([text]) is None
