"""Raised digits in the shared texts of xls and xlsb: a text has runs, each in a font, and a font may be raised.

Layouts: Font, SST and XLUnicodeRichExtendedString in [MS-XLS], BrtFont, BrtSSTItem and RichStr in [MS-XLSB]. A cell that is raised as a whole has no
runs, and is no figure with a mark.
"""

import struct
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from ingest.binary_records import xlsb_records
from ingest.preflight import FileRefused
from ingest.raised import RAISED

_RAISED_FONT = 1
_LARGEST_PART = 2**26

_Rich = tuple[bytes, Sequence[tuple[int, int]]]
"""A text in UTF-16, and its runs: the character that each begins with, and the number of its font."""


def raised_in_xls(records: Iterable[tuple[int, bytes, int]]) -> Mapping[int, str]:
    """The shared texts of an xls that have raised digits, by their number, with the signs for these digits.

    Args:
        records: Those of the workbook itself, each with its kind and its content first.

    Raises:
        ValueError, struct.error: If the texts are broken.
    """
    fonts: list[int] = []
    texts: list[bytes] = []
    for kind, record, _ in records:
        if kind == 0x0031:  # FONT; none has the number 4
            fonts += [0] if len(fonts) == 4 else []
            fonts.append(struct.unpack_from("<H", record, 8)[0])
        elif kind == 0x00FC or (kind == 0x003C and texts):  # SST, and CONTINUE after it
            texts.append(record)
        elif texts:
            break
    return _find_raised(_texts_of_xls(texts), fonts) if texts else {}


def raised_in_xlsb(archive: zipfile.ZipFile) -> Mapping[int, str]:
    """The same of an xlsb.

    Raises:
        FileRefused: If its texts are more than are read.
        struct.error, IndexError: If its parts are broken.
    """
    styles, texts = "xl/styles.bin", "xl/sharedStrings.bin"
    if not {styles, texts} <= set(archive.namelist()):
        return {}
    fonts = [struct.unpack_from("<H", record, 6)[0] for kind, record in xlsb_records(_read(archive, styles)) if kind == 43]  # BrtFont
    # the texts are read only where they are needed
    return _find_raised((_text_of_xlsb(record) for kind, record in xlsb_records(_read(archive, texts)) if kind == 19), fonts)  # BrtSSTItem


def _read(archive: zipfile.ZipFile, part: str) -> bytes:
    if archive.getinfo(part).file_size > _LARGEST_PART:
        raise FileRefused("reading_too_large")
    return archive.read(part)


def _find_raised(texts: Iterable[_Rich], fonts: Sequence[int]) -> Mapping[int, str]:
    raised_fonts = {number for number, script in enumerate(fonts) if script == _RAISED_FONT}
    if not raised_fonts:
        return {}
    rich = ((number, text, runs) for number, (text, runs) in enumerate(texts) if any(font in raised_fonts for _, font in runs))
    shown = ((number, text.decode("utf-16-le", "replace"), _raise_digits(text, runs, raised_fonts)) for number, text, runs in rich)
    return {number: raised for number, text, raised in shown if raised != text}


def _raise_digits(text: bytes, runs: Sequence[tuple[int, int]], raised_fonts: Collection[int]) -> str:
    begins = [0, *(begin for begin, _ in runs), len(text) // 2]
    fonts = [None, *(font for _, font in runs)]
    parts = [text[2 * begin : 2 * end].decode("utf-16-le", "replace") for begin, end in pairwise(begins)]
    return "".join(part.translate(RAISED) if font in raised_fonts else part for part, font in zip(parts, fonts, strict=True))


def _text_of_xlsb(record: bytes) -> _Rich:
    flags, length = struct.unpack_from("<BI", record)
    ends = 5 + 2 * length
    if not flags & 1:
        return record[5:ends], ()
    (count,) = struct.unpack_from("<I", record, ends)
    return record[5:ends], list(struct.iter_unpack("<HH", record[ends + 4 : ends + 4 + 4 * count]))


def _texts_of_xls(records: Sequence[bytes]) -> Iterator[_Rich]:
    stream = _Continued(records)
    (count,) = struct.unpack("<4xI", stream.take(8))
    for _ in range(count):
        if stream.is_at_end:
            return
        length, flags = struct.unpack("<HB", stream.take(3))
        runs = struct.unpack("<H", stream.take(2))[0] if flags & 8 else 0
        spoken = struct.unpack("<I", stream.take(4))[0] if flags & 4 else 0
        text = stream.take_text(length, flags & 1)
        yield text, list(struct.iter_unpack("<HH", stream.take(4 * runs)))
        stream.take(spoken)


class _Continued:
    """What goes on from record to record."""

    def __init__(self, records: Sequence[bytes]) -> None:
        self._records = iter(records)
        self._record, self._at = next(self._records), 0

    @property
    def is_at_end(self) -> bool:
        """Whether nothing follows."""
        while self._at >= len(self._record):
            following = next(self._records, None)
            if following is None:
                return True
            self._record, self._at = following, 0
        return False

    def take(self, length: int) -> bytes:
        """The next so many bytes."""
        parts: list[bytes] = []
        while length:
            if self.is_at_end:
                raise ValueError("the list of texts is cut")
            parts.append(self._record[self._at : self._at + length])
            self._at += len(parts[-1])
            length -= len(parts[-1])
        return b"".join(parts)

    def take_text(self, length: int, is_wide: int) -> bytes:
        """The next so many characters, as UTF-16; where they go on in another record, it says first how wide they are there."""
        parts: list[bytes] = []
        while length:
            if self._at >= len(self._record):
                is_wide = self.take(1)[0] & 1
            whole = self._record[self._at : self._at + length * (1 + is_wide)]
            parts.append(whole if is_wide else whole.decode("latin-1").encode("utf-16-le"))
            self._at += len(whole)
            length -= len(parts[-1]) // 2
            if not whole:
                raise ValueError("the list of texts is cut")
        return b"".join(parts)
