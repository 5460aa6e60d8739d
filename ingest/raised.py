"""Digits that are raised in a cell, as the marks of footnotes are: the reader of the cells would put them beside the others, 3¹ as 31."""

from dataclasses import dataclass, field

# Digits, and the signs for them as they are raised.
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
# The sign that a part of an xlsx has any.
SIGN = b"superscript"


@dataclass
class RichText:
    """A text of several runs, collected while its XML goes by; its raised digits become the signs for them."""

    text: str = ""
    has_raised: bool = False
    _run: str = ""
    _is_raised: bool = False
    _is_spoken: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """The beginning of an element within it."""
        match name:
            case "r":
                self._is_raised = False
            case "vertAlign":
                self._is_raised = attributes.get("val") == "superscript"
            case "rPh":
                # how a Japanese word is spoken is no part of the text
                self._is_spoken = True
            case "t":
                self._run = ""

    def end(self, name: str) -> None:
        """The end of an element within it."""
        match name:
            case "rPh":
                self._is_spoken = False
            case "t" if not self._is_spoken:
                raised = self._run.translate(RAISED) if self._is_raised else self._run
                self.has_raised |= raised != self._run
                self.text += raised

    def take(self, text: str) -> None:
        """Characters within it."""
        self._run += text


@dataclass
class SharedTexts:
    """The texts of a workbook's list of them that have raised digits, by their number, collected while its XML goes by."""

    raised: dict[int, str] = field(default_factory=dict)
    _count: int = 0
    _text: RichText = field(default_factory=RichText)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """The beginning of an element."""
        name = tag.rpartition(":")[2]
        if name == "si":
            self._text = RichText()
        self._text.start(name, attributes)

    def end(self, tag: str) -> None:
        """The end of an element."""
        name = tag.rpartition(":")[2]
        self._text.end(name)
        if name == "si":
            if self._text.has_raised:
                self.raised[self._count] = self._text.text
            self._count += 1

    def take(self, text: str) -> None:
        """Characters of an element."""
        self._text.take(text)
