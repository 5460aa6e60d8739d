"""A huge but honest report, 100,000 rows of engaged workers in 15 columns, in every format that is read: what taking it in costs.

``make measure-large`` writes the table of docs/safety.md; words choose formats.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

from ingest.ledger import Ledger
from ingest.sections import load_sections
from munimon import pipeline
from munimon.results import IngestOptions
from munimon.settings import Home
from tests.ingest.binary_files import xls, xlsb
from tests.ingest.hostile_files import book, open_document

ROWS = 100_000
# What the format of 1997 has rows for, its headings among them.
ROWS_OF_XLS = 65_535
_FIELDS = load_sections()["engagements"].fields[:15]
_LETTERS = "ABCDEFGHIJKLMNO"

Cell = str | int | None


def rows(count: int) -> Iterator[list[Cell]]:
    """The headings, then so many rows that break no rule."""
    dice = random.Random(1)
    yield [field.labels["sr-Latn"] for field in _FIELDS]
    for number in range(count):
        began = date(2024, 1, 1) + timedelta(dice.randint(0, 40))
        ended = began + timedelta(dice.randint(5, 45))
        whole = dice.randint(20, 60)
        days = f"{began:%d.%m.%Y.}", f"{ended:%d.%m.%Y.}"
        yield [
            f"E-{number}",
            f"L-{number}",
            f"JKP {dice.randint(1, 900)}",
            "Javno preduzeće",
            1,
            *days,
            whole,
            12,
            9,
            4,
            dice.randint(1, 30),
            10,
            5,
            3,
        ]


def as_xlsx(count: int) -> bytes:
    """With the text in each cell, as libraries write it that write without holding all in memory."""

    def cell(row: int, letter: str, value: Cell) -> str:
        if isinstance(value, str):
            return f'<c r="{letter}{row}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{letter}{row}"><v>{value}</v></c>'

    lines = (
        f'<row r="{number}">{"".join(map(cell, [number] * 15, _LETTERS, values))}</row>'.encode()
        for number, values in enumerate(rows(count), start=1)
    )
    return book([(b"<sheetData>", 1), (b"".join(lines), 1), (b"</sheetData>", 1)])


def as_ods(count: int) -> bytes:
    """With a paragraph in each cell, as LibreOffice writes it."""

    def cell(value: Cell) -> str:
        kind = 'office:value-type="string"' if isinstance(value, str) else f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {kind}><text:p>{value}</text:p></table:table-cell>"

    return open_document(b"".join(f"<table:table-row>{''.join(map(cell, values))}</table:table-row>".encode() for values in rows(count)))


def as_csv(count: int) -> bytes:
    """As Excel saves it in an office in Serbia."""
    return "".join(";".join(map(str, values)) + "\r\n" for values in rows(count)).encode("cp1250")


FORMATS: dict[str, tuple[Callable[[int], bytes], int]] = {
    "xlsx": (as_xlsx, ROWS),
    "xlsb": (lambda count: xlsb(rows(count)), ROWS),
    "ods": (as_ods, ROWS),
    "csv": (as_csv, ROWS),
    "xls": (lambda count: xls(rows(count)), ROWS_OF_XLS),
}


def ingest(path: Path, home: Path) -> None:
    """Take a file in, whole, and say what it took: its rows, CPU and wall clock in seconds, MB of the two processes, the last ref."""
    began = time.monotonic()
    options = IngestOptions(municipality="Kruševac", programme="SAMPLE", period="2024-Q1", sent_by="Grad Kruševac")
    (submission,) = pipeline.ingest(Home(home), [path], options).submissions
    wall = time.monotonic() - began
    # the process that read it is ended by now, or ends with this one: it is among the children in either case
    from ingest import confinement

    confinement._end_all()
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    (last,) = Ledger(Home(home).ledger).select("select status, accepted_rows, quarantined_rows from current_submissions")
    assert (last["status"], submission.quarantined_rows) == ("accepted", 0), [finding.message for finding in submission.findings[:3]]
    print(f"{submission.accepted_rows}|{cpu:.0f}|{wall:.0f}|{children.ru_maxrss / 1024:.0f}|{own.ru_maxrss / 1024:.0f}")


def main(words: list[str]) -> None:
    """Print the table, a line a format, each taken in by a process of its own."""
    print("| format | file, MB | rows taken in | CPU, s | wall clock, s | reading process, MB | main process, MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, (make, count) in FORMATS.items():
        if name in (words or FORMATS):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"engagements.{name}"
                path.write_bytes(make(count))
                command = [sys.executable, "-m", "tests.ingest.large_files", "--ingest", str(path), f"{folder}/home"]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                taken = " | ".join(f"{int(number):,}" for number in done.stdout.split("|")) if done.stdout else done.stderr[-2000:]
                print(f"| {name} | {path.stat().st_size / 2**20:.0f} | {taken} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ingest"]:
        ingest(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(sys.argv[1:])
