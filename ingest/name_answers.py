"""Names that people have decided, as reference data: ``name_answers.csv`` in the home.

The ledger is the truth, with actor and time; the file is its editable form. It is written anew after each answer, and what somebody adds or
changes in it is an answer like any other. A line taken out changes nothing: answers are taken back by `munimon questions revoke`.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.entries import moment_of
from ingest.ledger import Ledger
from ingest.names import name_key
from munimon.disk import whole_file
from munimon.formulas import keep_text, read_text
from munimon.settings import Home, MunimonError

_COLUMNS = ("name", "municipality_code", "answered_by", "answered_at")


class NameAnswersInvalid(MunimonError):
    """The file of answered names cannot be used; one line names file, line and fault."""


@dataclass(frozen=True)
class Edit:
    """A line that somebody added or changed: the name, the code it was given, and where it stands."""

    name: str
    code: str
    where: str


def write_name_answers(home: Home) -> None:
    """Write the answers in force to the home's file; there is none before the first."""
    answered = [row for row in Ledger(home.ledger).questions() if row["kind"] == "municipality" and row["answer"]]
    if not answered and not home.name_answers.exists():
        return
    with whole_file(home.name_answers) as aside, aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for row in sorted(answered, key=lambda row: str(row["asked_text"])):
            moment = moment_of(row["answered_at"]).isoformat(timespec="seconds")
            writer.writerow((keep_text(row["asked_text"]), row["answer"], row["answered_by"], moment))


def find_edits(home: Home, known: Mapping[str, str]) -> Iterator[Edit]:
    """The lines of the home's file that say otherwise than the answers known, name key → municipality code.

    Raises:
        NameAnswersInvalid: If the file cannot be read, or a line lacks its name or code.
    """
    for number, row in _read(home.name_answers):
        name, code = (read_text((row.get(column) or "").strip()) for column in _COLUMNS[:2])
        where = f"{home.name_answers}: line {number}"
        if not name or not code:
            raise NameAnswersInvalid(f"{where}: needs a name and a municipality_code")
        if known.get(name_key(name)) != code:
            yield Edit(name, code, where)


def _read(path: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if missing := [column for column in _COLUMNS[:2] if column not in (reader.fieldnames or ())]:
                raise NameAnswersInvalid(f"{path}: has no column {' and '.join(missing)}")
            for row in reader:
                yield reader.line_num, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise NameAnswersInvalid(f"{path}: {error}; save it as CSV in UTF-8") from error
