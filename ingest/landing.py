"""Originals, kept unchanged under the SHA-256 of their bytes."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from munimon.disk import write_whole
from munimon.settings import MunimonError


class OriginalDamaged(MunimonError):
    """A kept original no longer has the bytes it was received with."""


@dataclass(frozen=True)
class Landing:
    """The folder of originals: ``<first two digits>/<sha256>``, no name of the sender's in any path."""

    folder: Path

    def keep(self, sha256: str, content: bytes) -> None:
        """Keep ``content`` durably under its SHA-256 in hexadecimal, once however often it comes."""
        path = self.path(sha256)
        if not path.exists():
            write_whole(path, content)

    def path(self, sha256: str) -> Path:
        """Where the original of that hash is kept, whether or not it is there."""
        return self.folder / sha256[:2] / sha256

    def read(self, sha256: str) -> bytes:
        """The original's bytes.

        Raises:
            OriginalDamaged: If it is missing or its bytes are not those of its hash.
        """
        path = self.path(sha256)
        if not path.exists():
            raise OriginalDamaged(f"{path}: the original is missing; restore it from a backup of the landing folder")
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise OriginalDamaged(f"{path}: the original has been changed; restore it from a backup of the landing folder")
        return content
