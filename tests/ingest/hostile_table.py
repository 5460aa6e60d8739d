"""Handles every hostile file as ingest does and writes what that takes, as the table of docs/safety.md: ``make measure-hostile``."""

import sys

from ingest import confinement
from tests.ingest.hostile_files import BROKEN, HONEST, HOSTILE
from tests.ingest.measuring import take_in


def main(words: list[str]) -> None:
    """Print the table, a line a file; words choose files."""
    print("| what is handed in | what becomes of it | CPU, s | memory, MB |\n| --- | --- | ---: | ---: |")
    for file in (*BROKEN, *HOSTILE, *HONEST):
        if any(word in file.what for word in words or [""]):
            # each in a process that keeps nothing of those before
            confinement._end_all()
            taken = take_in(file.name, file.make())
            print(f"| {file.what} | {', '.join(taken.rules) or 'read'} | {taken.seconds:.1f} | {taken.memory:.0f} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
