"""Publish one whole build at a time, and let readers follow.

``published/<build>/<audience>.duckdb`` is never changed once it has its name. ``published/CURRENT`` holds the name of the build being
served; moving it is one atomic rename, so a reader sees the build before or the build after, and nobody waits. A single file replaced in
place would go silently stale in every process that has it open, and a reader's lock would block the writer.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from munimon.disk import flush, write_whole
from munimon.settings import MunimonError
from publish.files import AUDIENCES, Audience, write_audience_file

KEPT_BUILDS = 5
POINTER = "CURRENT"


class NothingPublished(MunimonError):
    """No build has been published in this home yet."""


class PointerBroken(MunimonError):
    """The pointer names a build that is not there."""


@dataclass(frozen=True)
class Published:
    """The folder of published builds of one home."""

    folder: Path

    def publish(self, build: Path) -> Path:
        """Make what ``build`` holds the one that is served, and forget builds older than the last five.

        Args:
            build: A closed build file; the name of the published build is its name without the ending, and later builds sort after earlier ones.

        Returns:
            The folder of the published build.

        Raises:
            BuildUnusable: If the build has no marts, or a written file was not closed cleanly. Nothing changes for readers then.
        """
        target = self.folder / build.stem
        if not target.exists():
            self._write_files(build, target)
        self._point_to(target.name)
        self._forget_old_builds()
        return target

    def current_build(self) -> str:
        """The name of the build being served now.

        Raises:
            NothingPublished: If there is none yet.
        """
        try:
            return (self.folder / POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise NothingPublished(f"{self.folder}: nothing is published yet; run `munimon build`") from None

    def current_file(self, audience: Audience = "coordinator") -> Path:
        """The file an audience is served now.

        Raises:
            NothingPublished: If nothing is published yet.
            PointerBroken: If the pointer names a build that is not there.
        """
        build = self.current_build()
        file = self.folder / build / f"{audience}.duckdb"
        # Forgetting builds may overtake a reader between its look at the pointer and its look at the file: then the pointer has moved on.
        if not file.is_file():
            if self.current_build() != build:
                return self.current_file(audience)
            raise PointerBroken(f"{file}: {POINTER} names this build, but it is not there; run `munimon build`")
        return file

    def list_builds(self) -> list[str]:
        """The names of the builds kept, oldest first."""
        return sorted(entry.name for entry in self.folder.iterdir() if entry.is_dir() and ".tmp-" not in entry.name)

    def _write_files(self, build: Path, target: Path) -> None:
        aside = target.with_name(f"{target.name}.tmp-{os.getpid()}")
        aside.mkdir(parents=True)
        try:
            for audience in AUDIENCES:
                write_audience_file(build, aside / f"{audience}.duckdb", audience)
            flush(aside)
            aside.rename(target)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            raise

    def _point_to(self, name: str) -> None:
        write_whole(self.folder / POINTER, name.encode())

    def _forget_old_builds(self) -> None:
        """Delete all but the last builds and the one being served.

        A reader that still has an older one open keeps reading it: POSIX frees a deleted file only when the last process closes it. Where the system
        refuses to delete an open file instead, the build stays until a later publication finds it closed.
        """
        served = self.current_build()
        for name in self.list_builds()[:-KEPT_BUILDS]:
            if name != served:
                shutil.rmtree(self.folder / name, ignore_errors=True)
