"""Numbers of nobody, and where they may have been left."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from ingest.personal import is_identity_number


def identity_number(day: date, number: int = 710006) -> str:
    """A valid number of nobody: the check digit belongs to the day of birth, the region and the number given."""
    begin = f"{day:%d%m}{day.year % 1000:03}{number // 10:05}"
    return next(f"{begin}{digit}" for digit in range(10) if is_identity_number(f"{begin}{digit}"))


NUMBER = identity_number(date(1990, 1, 1), 710010)


def refusal(submission) -> list[tuple]:
    assert (submission.status, submission.accepted_rows, submission.quarantined_rows) == ("refused", 0, 0)
    return [(finding.rule, finding.sheet, finding.cell, finding.value_as_reported) for finding in submission.findings]


def everything_in(folder: Path) -> bytes:
    """Every byte below a folder, and what is packed in it: the values of Parquet, the parts of zips."""
    found = [b""]
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found += [str(path).encode(), content]
            if path.suffix == ".parquet":
                found.append(str(pq.read_table(path).to_pylist()).encode())
            if zipfile.is_zipfile(io.BytesIO(content)):
                with zipfile.ZipFile(io.BytesIO(content)) as archive:
                    found += [archive.read(name) for name in archive.namelist()]
    return b"\n".join(found)
