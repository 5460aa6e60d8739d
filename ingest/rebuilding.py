"""Raw made anew from the originals and the ledger alone."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingest.answering import handed_again
from ingest.entries import Batch, Entry
from ingest.ledger import Ledger
from ingest.raw import ensure_folders
from ingest.receiving import prepare, write_rows
from munimon.results import Progress
from munimon.settings import Home, MunimonError


class RebuildDiffers(MunimonError):
    """An original no longer gives the submissions that the ledger holds."""


def rebuild_raw(home: Home, progress: Progress) -> None:
    """Read every usable submission's original again, as its reference tables and answers were then, and put the new raw in the old one's place.

    Raises:
        RebuildDiffers: If a file gives other submissions than the ledger has; the old raw stays.
        OriginalDamaged: If an original is missing or changed; the old raw stays.
    """
    ledger = Ledger(home.ledger)
    fresh = home.folder / "raw.tmp-rebuild"
    shutil.rmtree(fresh, ignore_errors=True)
    ensure_folders(fresh)
    for batch in ledger.select("select * from batches order by rowid"):
        rows = ledger.select(
            """
            select * from current_submissions
            where batch_id = ? and was_usable
            order by submission_id
            """,
            [batch["batch_id"]],
        )
        if rows:
            _rebuild_batch(home, ledger, fresh, Batch(**batch), rows, progress)
    old = home.folder / "raw.tmp-old"
    shutil.rmtree(old, ignore_errors=True)
    if home.raw.exists():
        home.raw.rename(old)
    fresh.rename(home.raw)
    shutil.rmtree(old, ignore_errors=True)


def _rebuild_batch(home: Home, ledger: Ledger, raw: Path, batch: Batch, rows: Sequence[dict[str, Any]], progress: Progress) -> None:
    entry = Entry.now()
    files = {(row["receipt_id"], row["attempt"]): (handed_again(home, row, entry), row["attempt"]) for row in rows}
    with tempfile.TemporaryDirectory() as folder:
        reference = Path(folder)
        ledger.write_reference(batch.reference_version, reference)
        prepared = prepare(reference, ledger, batch, list(files.values()), progress)
    wanted = {row["submission_id"]: row for row in rows}
    again = [each for each in prepared if each.submission_id in wanted]
    if missing := sorted(set(wanted) - {each.submission_id for each in again}):
        file = wanted[missing[0]]["file_name"]
        raise RebuildDiffers(f"{file}: read again, it no longer gives submission {missing[0]}; raw stays as it was")
    write_rows(raw, batch.batch_id, again)
