"""How names of places and programmes are compared: by keys that forgive script, case and digraphs, and by nothing looser without saying so.

A *key* is lower-case Latin with its diacritics kept: Ђорче, Ѓорче, Gjorče, Djorče and Đorče are all ``đorče``. Two repairs go further, one at a time:
missing diacritics, in Latin script only (a Cyrillic с is never ш), and letters that merely look right, taken from the other script.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ingest.letters import INVISIBLE, is_cyrillic, is_mixed

_CYRILLIC = str.maketrans(
    dict(zip("абвгдежзијклмнопрстуфхцчшѐѝ", "abvgdežzijklmnoprstufhcčšei", strict=True))
    | {"ђ": "đ", "ѓ": "đ", "ћ": "ć", "ќ": "ć", "љ": "lj", "њ": "nj", "џ": "dž", "ѕ": "dz"}
)
_DIGRAPHS = (("dj", "đ"), ("gj", "đ"), ("kj", "ć"))
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Word:
    """One word of a name: its key, and the letters it was written in; one that mixes both scripts has no key to trust before it is repaired."""

    key: str
    is_cyrillic: bool
    is_mixed: bool


def read_words(text: str) -> tuple[Word, ...]:
    """The words of ``text`` in order; punctuation only separates them."""
    seen = unicodedata.normalize("NFKC", text).translate(INVISIBLE)
    return tuple(Word(_fold(word), is_cyrillic(word), is_mixed(word)) for word in _WORD.findall(seen))


def name_key(text: str) -> str:
    """A name as answers know it: script, case and digraphs aside. One that mixes scripts is known by its own letters alone."""
    words = read_words(text)
    return text.translate(INVISIBLE).strip() if not words or any(word.is_mixed for word in words) else " ".join(word.key for word in words)


def strip_marks(key: str) -> str:
    """A key without its diacritics, letter for letter: ``čačak`` → ``cacak``, ``đ`` → ``d``."""
    return "".join(unicodedata.normalize("NFD", letter)[0] for letter in key.replace("đ", "d"))


def _fold(word: str) -> str:
    key = word.casefold().translate(_CYRILLIC)
    for digraph, letter in _DIGRAPHS:
        key = key.replace(digraph, letter)
    return key


def _is_short_for(typed: Sequence[str], known: Sequence[str]) -> bool:
    """ "m brod" for "makedonski brod": each word is the beginning of the one in its place."""
    return 1 < len(typed) == len(known) and all(whole.startswith(short) for short, whole in zip(typed, known, strict=True))


class NameIndex:
    """Known names → what they name, by look-up."""

    def __init__(self) -> None:
        self._named: defaultdict[str, set[str]] = defaultdict(set)
        self._keys_by_bare: defaultdict[str, set[str]] = defaultdict(set)
        self._bare_by_word: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, words: Sequence[Word], named: str) -> None:
        """Let the name made of ``words`` stand for ``named``."""
        key = " ".join(word.key for word in words)
        self._named[key].add(named)
        bare = strip_marks(key)
        self._keys_by_bare[bare].add(key)
        for word in bare.split():
            self._bare_by_word[word].add(bare)

    def find(self, words: Sequence[Word]) -> frozenset[str]:
        """What the name stands for, script, case and digraphs aside; empty where it is not known, and while a word mixes scripts."""
        if any(word.is_mixed for word in words):
            return frozenset()
        return frozenset(self._named.get(" ".join(word.key for word in words), ()))

    def find_without_marks(self, words: Sequence[Word]) -> frozenset[str]:
        """What the name may stand for if diacritics are missing from it.

        A mark that is there must be right (``Ćačak`` is not Čačak), and Cyrillic letters are never missing one.
        """
        if any(word.is_cyrillic for word in words):
            return frozenset()
        typed = " ".join(word.key for word in words)
        found: set[str] = set()
        for known in self._keys_by_bare.get(strip_marks(typed), ()):
            if all(letter in (right, bare) for letter, right, bare in zip(typed, known, strip_marks(known), strict=True)):
                found |= self._named[known]
        return frozenset(found)

    def rank_nearest(self, words: Sequence[Word], is_allowed: Callable[[str], bool], limit: int = 5) -> list[tuple[str, float]]:
        """The best-known names near this one, as (what is named, likeness 0–100), best first: for a person to choose from."""
        typed = strip_marks(" ".join(word.key for word in words))
        alike = [(bare, score) for bare, score, _ in process.extract(typed, self._keys_by_bare.keys(), scorer=fuzz.ratio, score_cutoff=70, limit=40)]
        # "Palanka" and "Kruševac, odeljenje za finansije" are far by letters and near by words: one holds all words of the other.
        said = set(typed.split())
        sharing = {bare for word in said for bare in self._bare_by_word.get(word, ()) if said <= set(bare.split()) or said >= set(bare.split())}
        sharing |= {bare for bare in self._keys_by_bare if _is_short_for(typed.split(), bare.split())}
        best: dict[str, float] = {}
        for bare, score in [*alike, *((bare, fuzz.ratio(typed, bare)) for bare in sharing)]:
            for named in filter(is_allowed, self._all_named(bare)):
                best[named] = max(best.get(named, 0.0), round(score, 1))
        return sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]

    def _all_named(self, bare: str) -> Iterable[str]:
        return (named for key in self._keys_by_bare[bare] for named in self._named[key])
