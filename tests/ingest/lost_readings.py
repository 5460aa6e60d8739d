"""What may become of a process that reads a file, instead of an answer."""

import os

from ingest.confinement import allow


def fill_memory(*_: object) -> None:
    """Takes more memory than any report needs."""
    allow(2**28, 10)
    bytearray(2**31)


def never_end(*_: object) -> None:
    """Reads on and on, with a second to spare."""
    allow(2**28, 0)
    while True:
        pass


def break_down(*_: object) -> None:
    """Ends as the reading library does at a cell that it cannot hold."""
    os.abort()
