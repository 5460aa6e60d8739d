"""Headers of mails in scripts beyond ASCII, so that every mail program shows them as they were written."""

from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any


class WholeWords(EmailPolicy):
    """Folds what is not ASCII into encoded words that hold their blanks.

    Python's own folding leaves a blank out where a long subject breaks between two encoded words (seen in Python 3.11: "исправетего").
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The header's lines. With `utf8` they need no encoding, and are folded as ever."""
        if self.utf8 or str(value).isascii():
            return super().fold_binary(name, value)
        addresses: tuple[Address, ...] | None = getattr(value, "addresses", None)
        said = self._encode(str(value)) if addresses is None else f",{self.linesep} ".join(map(self._write_address, addresses))
        return f"{name}: {said}{self.linesep}".encode("ascii")

    def _write_address(self, address: Address) -> str:
        return str(address) if str(address).isascii() else f"{self._encode(address.display_name)} <{address.addr_spec}>"

    def _encode(self, text: str) -> str:
        # a line that begins with the header's name has less room
        return Header(text, "utf-8", header_name="Subject").encode(linesep=self.linesep)


DRAFTS = WholeWords(linesep="\r\n")
"""For addresses in ASCII, whatever the names."""
DRAFTS_UTF8 = WholeWords(linesep="\r\n", utf8=True)
"""For an address that is not in ASCII itself."""
