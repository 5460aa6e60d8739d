"""The reports that come with munimon: public facts as they were reported, and the synthetic sample as it would have come over two years."""

import hashlib
import tempfile
from datetime import datetime
from pathlib import Path

from ingest.entries import Entry, Receipt
from ingest.receiving import Handed, receive
from munimon.results import Progress
from munimon.sample import write_sample
from munimon.settings import Home, shipped

_SENDER = "munimon demo"


def load_shipped_reports(home: Home, progress: Progress) -> None:
    """Take in all shipped reports; what a home has already is left as it is.

    The public reports are entered now. The sample's are back-filled, each at the time at which it is taken to have come.
    """
    progress("writing the synthetic sample")
    with tempfile.TemporaryDirectory() as folder:
        handed = [
            _handed(each.path, Entry(each.recorded_at, _SENDER, is_back_filled=True), each.sent_at, each.sent_by)
            for each in write_sample(Path(folder))
        ]
    for path in sorted((shipped() / "data" / "reports").glob("*.xlsx")):
        entry = Entry.now()
        handed.append(_handed(path, entry, entry.recorded_at, _SENDER))
    receive(home, handed, progress, lambda: len(handed))


def _handed(path: Path, entry: Entry, sent_at: datetime, sent_by: str | None) -> Handed:
    content = path.read_bytes()
    receipt = Receipt(hashlib.sha256(content).hexdigest(), path.name, sent_at, sent_by)
    return Handed(content, receipt, entry)
