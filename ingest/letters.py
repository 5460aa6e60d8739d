"""Letters that deceive: those of two scripts that look alike, and those that are not seen at all."""

import re
import unicodedata
from collections.abc import Mapping

# Soft hyphens, joiners, marks of direction and of byte order: left behind by word processors and web pages, and no part of any word.
INVISIBLE: Mapping[int, None] = dict.fromkeys((0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF))

_LATIN_LOOKS = "ABCEHIJKMOPSTXYaceijkmopstxy"
_CYRILLIC_LOOKS = "АВСЕНІЈКМОРЅТХУасеіјкморѕтху"
_TO_CYRILLIC = str.maketrans(_LATIN_LOOKS, _CYRILLIC_LOOKS)
_TO_LATIN = str.maketrans(_CYRILLIC_LOOKS, _LATIN_LOOKS)
_IS_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_IS_LATIN = re.compile(r"[a-z\u00c0-\u024f]", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(\W+)")


def is_cyrillic(word: str) -> bool:
    """Whether any of its letters is Cyrillic."""
    return _IS_CYRILLIC.search(word) is not None


def is_mixed(word: str) -> bool:
    """Whether it holds letters of both scripts."""
    return is_cyrillic(word) and _IS_LATIN.search(word) is not None


def read_look_alikes(text: str) -> tuple[str, ...]:
    """``text`` with look-alike letters put back into one script: all Cyrillic, all Latin, whichever of the two is possible and changes anything."""
    normal = unicodedata.normalize("NFKC", text)
    readings = (_replace_looks(normal, _TO_CYRILLIC, _IS_LATIN), _replace_looks(normal, _TO_LATIN, _IS_CYRILLIC))
    return tuple(reading for reading in readings if reading is not None and reading != normal)


def mend_mixed_words(text: str) -> str:
    """``text`` with each word that mixes the scripts written in the one in which all its letters can be; a word that can be either stays."""
    return "".join(_mend(part) if is_mixed(part) else part for part in _BETWEEN_WORDS.split(text)) if is_mixed(text) else text


def _mend(word: str) -> str:
    possible = [read for read in (word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)) if not is_mixed(read)]
    return possible[0] if len(possible) == 1 else word


def _replace_looks(text: str, table: dict[int, int], foreign: re.Pattern[str]) -> str | None:
    """Each word that can be written wholly in the other script is; ``None`` where a word mixes scripts and cannot."""
    native = _IS_CYRILLIC if foreign is _IS_LATIN else _IS_LATIN
    parts = []
    for part in _BETWEEN_WORDS.split(text):
        replaced = part.translate(table)
        if not foreign.search(replaced):
            parts.append(replaced)
        elif native.search(part):
            return None
        else:
            parts.append(part)
    return "".join(parts)
