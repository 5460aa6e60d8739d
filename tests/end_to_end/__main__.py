"""Histories of reports in any order of arrival: rounds with new ones until the time is up, each received in three orders."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from pprint import pformat

from tests.end_to_end.histories import ORDERS, difference, generate_histories, most_histories


def main() -> int:
    """Try histories for so many minutes; the first that ends in two ways is printed, with the number that shows it again. Ends with 1 if one did."""
    parser = argparse.ArgumentParser(prog="python -m tests.end_to_end", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--number", type=int, default=int(time.time()), help="That of the first round.")
    options = parser.parse_args()
    until, number, tried = time.monotonic() + options.minutes * 60, options.number, 0
    while not tried or time.monotonic() < until:
        histories = generate_histories(most_histories(), number)
        with tempfile.TemporaryDirectory() as folder:
            found = difference(Path(folder), histories, list(ORDERS), lambda moment: os.environ.update(MUNIMON_NOW=moment.isoformat()))
        if found:
            print(f"round {number}:\n{pformat(found, width=150)}", flush=True)
            return 1
        tried += len(histories)
        print(f"round {number}: {tried} histories in {len(ORDERS)} orders ended alike", flush=True)
        number += 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
