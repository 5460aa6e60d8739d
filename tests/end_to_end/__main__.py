"""Histories of reports in any order of arrival: rounds with new ones until the time is up. What fails is shrunk to the least that shows it."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

TEST = Path(__file__).parent / "test_any_order.py"
EXAMPLES = 40


def main() -> int:
    """Try histories for so many minutes; the first that ends in two ways is printed, with the seed that shows it again. Ends with 1 if one did."""
    parser = argparse.ArgumentParser(prog="python -m tests.end_to_end", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=int(time.time()), help="That of the first round.")
    options = parser.parse_args()
    until, seed = time.monotonic() + options.minutes * 60, options.seed
    while True:
        plain = ["-q", "-p", "no:xdist", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}"]
        command = [sys.executable, "-m", "pytest", *plain, str(TEST)]
        done = subprocess.run(command, env=os.environ | {"MUNIMON_ANY_ORDER": str(EXAMPLES)}, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{done.stdout[-20_000:]}{done.stderr[-4_000:]}seed {seed}: some history ended in two ways", flush=True)
            return 1
        print(f"seed {seed}: {EXAMPLES} lists of histories ended alike", flush=True)
        seed += 1
        if time.monotonic() > until:
            return 0


if __name__ == "__main__":
    sys.exit(main())
