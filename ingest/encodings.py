"""Bytes into text: which encoding a table of text was saved in, told by the letters of the languages that our reports are written in."""

import re
import unicodedata
from itertools import pairwise

# Encodings in which offices in Serbia and North Macedonia save text, beside the Unicode ones.
_OFFICE_ENCODINGS = ("cp1250", "cp1251", "iso8859_2")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

_LATIN = frozenset("čćžšđČĆŽŠĐ")
# Albanian, Hungarian, Slovak, Romanian: languages of the same offices.
_NEIGHBOURING = frozenset("ëçËÇáéíóöőúüűÁÉÍÓÖŐÚÜŰäľĺňŕřťýôÄĽĹŇŔŘŤÝÔăâîșțşţĂÂÎȘȚŞŢ")
_CYRILLIC = frozenset("абвгдежзијклмнопрстуфхцчшђљњћџѓќѕАБВГДЕЖЗИЈКЛМНОПРСТУФХЦЧШЂЉЊЋЏЃЌЅѐѝЀЍ")
_PUNCTUATION = frozenset("„“”‚‘’–—…•«»€§°‰№\xa0×·")
_WORD = re.compile(r"[^\W\d_]+|[^\w\s]|[\xa0\x80-\x9f]")


class EncodingUnknown(Exception):
    """The bytes are text in no encoding that is read."""


def decode(content: bytes) -> str:
    """The text of a file.

    Raises:
        EncodingUnknown: If it is text in none of UTF-8, UTF-16, windows-1250, windows-1251 and ISO-8859-2.
    """
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), None) or utf16_without_mark(content)
    try:
        return content.decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        if encoding:
            raise EncodingUnknown(encoding) from error
    readings = [text for each in _OFFICE_ENCODINGS if (text := _decode_or_none(content, each)) is not None]
    weighed = [(_weigh(text), text) for text in readings]
    best = max(weighed, key=lambda each: each[0], default=(-1, ""))
    if best[0] < 0:
        raise EncodingUnknown("text encoding")
    return best[1]


def utf16_without_mark(content: bytes) -> str | None:
    """The name of the encoding, if bytes are UTF-16 text without a mark of its byte order: every line end and separator has a zero byte."""
    if len(content) % 2 or b"\0" not in content:
        return None
    zeros_first, zeros_second = content[0::2].count(0), content[1::2].count(0)
    encoding, zeros, others = ("utf-16-be", zeros_first, zeros_second) if zeros_first > zeros_second else ("utf-16-le", zeros_second, zeros_first)
    text = _decode_or_none(content, encoding)
    if text is None or others or zeros * 20 < len(content):
        return None
    return encoding if all(letter.isprintable() or letter in "\t\r\n\f\v" for letter in text) else None


def _decode_or_none(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _weigh(text: str) -> int:
    """How well a reading of bytes fits our languages: by each letter beyond ASCII, and whether its word is of one script."""
    words: dict[str, int] = {}
    for word in _WORD.findall(text):
        if not word.isascii():
            words[word] = words.get(word, 0) + 1
    return sum(_weigh_word(word) * count for word, count in words.items())


def _weigh_word(word: str) -> int:
    letters = [letter for letter in word if not letter.isascii()]
    if not word.isalpha():
        return sum(0 if letter in _PUNCTUATION else -4 if _is_control(letter) else -2 for letter in letters)
    # a word of letters of both scripts is no word: "иaиak" for "čačak"
    if any("Ѐ" <= letter <= "ӿ" for letter in word) and not all(letter in _CYRILLIC for letter in word):
        return -4 * len(letters)
    odd_case = -3 if any(before.islower() and after.isupper() for before, after in pairwise(word)) else 0
    return odd_case + sum(_weigh_letter(letter) for letter in letters)


def _weigh_letter(letter: str) -> int:
    if letter in _LATIN or letter in _CYRILLIC:
        return 4
    return 1 if letter in _NEIGHBOURING else -3


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) == "Cc"
