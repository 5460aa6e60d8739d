"""Makes the files that tests read: real bytes of each format."""

import io
from collections.abc import Callable, Iterable

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

Rows = Iterable[Iterable[object]]


def xlsx(change: Callable[[Worksheet], object] | None = None, epoch: object = None, /, **sheets: Rows) -> bytes:
    """The bytes of an xlsx with these sheets, each changed before it is saved; None is an empty cell."""
    book = Workbook()
    book.remove(book.active)
    if epoch:
        book.epoch = epoch
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if change:
            change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
