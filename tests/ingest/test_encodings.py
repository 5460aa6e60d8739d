"""Text tables in the encodings of our offices, long and short, down to a single word."""

import pytest

from ingest.encodings import EncodingUnknown, decode, utf16_without_mark
from ingest.preflight import FileRefused
from ingest.readers import read_sheets

LATIN = [
    "Šid",
    "Žabalj;5",
    "Opština;Angažovani;Žene\r\nČačak;12;5\r\nŠabac;3;1\r\n",
    "Преglед",
    "Javno preduzeće „Čistoća“ – Kraljevo",
    "ŠABAC;ŽITORAĐA;ĆUPRIJA",
    "Đ",
    "Na osnovu člana 32. Zakona o lokalnoj samoupravi, Skupština opštine Žitište donosi odluku o angažovanju žena iz romske zajednice.",
    "Gjithsej të punësuar;Çair;ë",
    "Bečej – Óbecse;Senta – Zenta;Kovačica – Kovačica",
]
CYRILLIC = [
    "Шид",
    "Ниш;5",
    "Ђаково",
    "Општина;Ангажирани;Жени\r\nЅвегор;12;5\r\nЃорче Петров;3;1\r\nЌојлија;2;0\r\n",
    "ЈКП „Чистоћа“ – Краљево",
    "ЉУБОВИЈА;ЊЕГОТИН;ЏЕП",
    "На основу члана 32. Закона о локалној самоуправи, Скупштина општине Житиште доноси одлуку о ангажовању жена из ромске заједнице.",
]


def cases(texts: list[str], *encodings: str) -> list[tuple[str, str]]:
    """Each text in each encoding that can write it."""

    def writes(encoding: str, text: str) -> bool:
        try:
            text.encode(encoding)
        except UnicodeEncodeError:
            return False
        return True

    return [(text, encoding) for text in texts for encoding in encodings if writes(encoding, text)]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [*cases(LATIN, "cp1250", "iso8859_2"), *cases(CYRILLIC, "cp1251"), *cases([*LATIN, *CYRILLIC], "utf-8", "utf-8-sig", "utf-16")],
)
def test_text_is_decoded_as_it_was_written(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(("text", "encoding"), cases([LATIN[2], CYRILLIC[3]], "utf-16-le", "utf-16-be"))
def test_utf_16_without_a_mark_is_told_by_its_zero_bytes(text, encoding):
    assert utf16_without_mark(text.encode(encoding)) == encoding
    assert read_sheets(text.encode(encoding), "t.csv")[0].rows == [line.split(";") for line in text.splitlines()]


@pytest.mark.parametrize("content", ["Čačak;5".encode()[:2] + b"\xff\xc5\xa1\xc5\xbe", b"\x81\x8d\x98\x83;\x90"])
def test_text_that_no_encoding_reads_is_refused(content):
    with pytest.raises(EncodingUnknown):
        decode(content)


def test_a_cut_off_character_of_utf_16_is_refused():
    with pytest.raises(FileRefused) as refused:
        read_sheets("Čačak;5".encode("utf-16")[:-1], "t.csv")
    assert refused.value.rule == "file_unreadable"


def rows_of(text: str) -> list[list[str]]:
    return read_sheets(text.encode(), "t.csv")[0].rows


def test_the_separator_is_told_through_decimal_commas_and_commas_in_quotes():
    assert rows_of("a;b;c\n1,5;2,5;3,5\n4,5;5,5;6,5\n") == [["a", "b", "c"], ["1,5", "2,5", "3,5"], ["4,5", "5,5", "6,5"]]
    assert rows_of('a;b\n"Ulica 5, ulaz 2, stan 1";3\n"Trg 1, Čačak, Srbija";4\n')[1] == ["Ulica 5, ulaz 2, stan 1", "3"]
    assert rows_of("a,b,c\n5,7,12\n1,2,3\n") == [["a", "b", "c"], ["5", "7", "12"], ["1", "2", "3"]]


def test_the_line_that_tells_excel_the_separator_is_obeyed_and_keeps_its_row():
    assert rows_of("sep=;\na;b\n1,2;3\n") == [[], ["a", "b"], ["1,2", "3"]]


def test_quotes_that_quote_nothing_are_part_of_the_name():
    assert rows_of('Poslodavac;Lica\n"Sunce" DOO;5\n') == [["Poslodavac", "Lica"], ['"Sunce" DOO', "5"]]


def test_a_line_end_within_quotes_divides_no_row():
    assert rows_of('a;b\n"prvi\ndrugi";3\n') == [["a", "b"], ["prvi\ndrugi", "3"]]
