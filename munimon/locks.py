"""Who is at work in a home: many may work side by side, cleaning up is done alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from munimon.settings import Home, MunimonError


class HomeBusy(MunimonError):
    """Somebody else is at work in this home."""


@contextmanager
def work_in(home: Home) -> Iterator[None]:
    """Work in a home beside others; waits while somebody cleans it up. The system ends the claim of a killed process."""
    with _claim(home, fcntl.LOCK_SH):
        yield


@contextmanager
def work_alone_in(home: Home) -> Iterator[None]:
    """Work in a home while nobody else does.

    Raises:
        HomeBusy: If somebody does.
    """
    try:
        with _claim(home, fcntl.LOCK_EX | fcntl.LOCK_NB):
            yield
    except BlockingIOError:
        raise HomeBusy(f"{home.folder}: another munimon is at work here; try again when it is done") from None


@contextmanager
def _claim(home: Home, kind: int) -> Iterator[None]:
    home.folder.mkdir(parents=True, exist_ok=True)
    with (home.folder / "at-work.lock").open("a") as file:
        fcntl.flock(file, kind)
        yield
