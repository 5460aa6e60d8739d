"""The fuzzer: rounds of the properties of ``test_fuzz`` with new examples each, until the time is up. Each round is a process of its own."""

import argparse
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from tests.fuzz.record import read_counts

HERE = Path(__file__).parent
# How long a round may go on after the time is up.
_PATIENCE = 600


def main() -> int:
    """Fuzz for so many minutes; what fails is printed with the seed that shows it again. Ends with 1 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--record", type=Path, default=Path(".hypothesis/runs"), help="Where counts, and files that deserve a look, are kept.")
    options = parser.parse_args()
    record = options.record.absolute() / f"{datetime.now(UTC):%Y%m%dT%H%M%S}"
    record.mkdir(parents=True)
    started = time.monotonic()
    until, seed, rounds, failed = started + options.minutes * 60, int(time.time()), 0, 0
    while time.monotonic() < until:
        seed, rounds = seed + 1, rounds + 1
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}", str(HERE)]
        environment = os.environ | {"MUNIMON_FUZZ_RECORD": str(record)}
        left = until - time.monotonic() + _PATIENCE
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=left, check=False)
        except subprocess.TimeoutExpired:
            failed += 1
            print(f"seed {seed}: did not end", flush=True)
            continue
        if done.returncode:
            failed += 1
            print(f"seed {seed}: ended with {done.returncode}\n{done.stdout[-20_000:]}{done.stderr[-4_000:]}", flush=True)
        print(f"seed {seed}: {(time.monotonic() - started) / 60:.0f} minutes, {failed} of {rounds} rounds failed", flush=True)
    for what, number in sorted(read_counts(record).items()):
        print(f"{number:>9} {what}")
    print(f"{(time.monotonic() - started) / 60:.0f} minutes, {rounds} rounds, {failed} failed; what deserves a look is in {record}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
