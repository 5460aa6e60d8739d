"""Where things are, what time it is and who is acting: the only module that reads the environment."""

import getpass
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

# Set for a dashboard that may enter answers.
ANSWERING = "MUNIMON_DASHBOARD_ANSWERS"

_PACKAGE = Path(__file__).resolve().parent


class MunimonError(Exception):
    """Something the user can act on. The message is one line: what is wrong, where, and what to do."""


@dataclass(frozen=True)
class Home:
    """A home folder: everything that was received, decided, built and published.

    ``landing`` and ``ledger`` are the truth; ``raw``, ``builds`` and ``published`` can be rebuilt from them.
    """

    folder: Path

    @property
    def landing(self) -> Path:
        """Folder of the original files, each under its SHA-256."""
        return self.folder / "landing"

    @property
    def ledger(self) -> Path:
        """SQLite file: who sent what when, findings, decisions."""
        return self.folder / "ledger.sqlite"

    @property
    def raw(self) -> Path:
        """Folder of Parquet files, one folder per section, one file per ingest batch."""
        return self.folder / "raw"

    @property
    def builds(self) -> Path:
        """Folder of DuckDB files that dbt writes."""
        return self.folder / "builds"

    @property
    def published(self) -> Path:
        """Folder of published builds and of the pointer to the one being served."""
        return self.folder / "published"

    @property
    def reference(self) -> Path:
        """The reference tables in force: the home's own editable copy where it has one, else the shipped ones."""
        own = self.folder / "reference"
        return own if own.is_dir() else shipped() / "data" / "reference"

    @property
    def name_answers(self) -> Path:
        """CSV of the names that people have decided: with the home's own reference tables, else in the home itself, as shipped ones are shared."""
        own = self.folder / "reference"
        return (own if own.is_dir() else self.folder) / "name_answers.csv"


def shipped() -> Path:
    """The folder that holds ``dbt_project/`` and ``data/``: inside the package in a wheel, else the root of the checkout."""
    inside = _PACKAGE / "_shipped"
    return inside if inside.is_dir() else _PACKAGE.parent


def is_checkout() -> bool:
    """Whether munimon runs from a checkout, as opposed to an installed wheel."""
    return not (_PACKAGE / "_shipped").is_dir()


def find_home(option: Path | None = None) -> Home:
    """Choose the home folder; it need not exist yet.

    In order: the option of the command, ``MUNIMON_HOME``, ``data/warehouse`` of the checkout, and in a wheel
    ``munimon`` under the user's data folder (``XDG_DATA_HOME``, by default ``~/.local/share``).
    """
    if option is not None:
        folder = option
    elif named := os.environ.get("MUNIMON_HOME"):
        folder = Path(named)
    elif is_checkout():
        folder = shipped() / "data" / "warehouse"
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "munimon"
    return Home(folder.expanduser().absolute())


def clock() -> datetime:
    """The ledger's clock: now in UTC, or the moment that ``MUNIMON_NOW`` states for tests and for loading history.

    Raises:
        MunimonError: If ``MUNIMON_NOW`` is no ISO 8601 date or time.
    """
    stated = os.environ.get("MUNIMON_NOW")
    return parse_moment(stated, "MUNIMON_NOW") if stated else datetime.now(UTC)


def is_clock_set() -> bool:
    """Whether ``MUNIMON_NOW`` sets the clock: entries made so are marked back-filled."""
    return bool(os.environ.get("MUNIMON_NOW"))


def parse_moment(text: str, where: str) -> datetime:
    """Read an ISO 8601 date or time as an aware moment in UTC; without an offset it is taken as UTC.

    Args:
        text: For example ``2024-06-30``, ``2024-06-30T12:00`` or ``2024-06-30T12:00:00+02:00``.
        where: The option or variable it stands in, for the message.

    Raises:
        MunimonError: If it is neither.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise MunimonError(f"{where}: '{text}' is no date or time; write it like 2024-06-30 or 2024-06-30T12:00:00+02:00") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def is_answering_allowed() -> bool:
    """Whether the dashboard may enter answers: ``munimon dashboard`` says so to the server that it starts, unless it is read-only."""
    return os.environ.get(ANSWERING) == "1"


def actor() -> str:
    """Who is acting: ``MUNIMON_ACTOR``, else the system's user."""
    return os.environ.get("MUNIMON_ACTOR") or getpass.getuser()
