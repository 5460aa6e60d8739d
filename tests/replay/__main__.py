"""Other histories, with more publications, until the time is up. Each round is a process and a home of its own."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Replay for so many minutes; what is not found again is printed with the seed that shows it. Ends with 1 if anything was not."""
    parser = argparse.ArgumentParser(prog="python -m tests.replay", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    options = parser.parse_args()
    until, seed, failed = time.monotonic() + options.minutes * 60, int(time.time()), 0
    while time.monotonic() < until:
        seed += 1
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:xdist",
            "-p",
            "no:cacheprovider",
            f"--hypothesis-seed={seed}",
            str(Path(__file__).parent),
        ]
        done = subprocess.run(command, env=os.environ | {"MUNIMON_REPLAY": "1"}, capture_output=True, text=True, check=False)
        if done.returncode:
            failed += 1
            print(done.stdout[-20_000:] + done.stderr[-4_000:], flush=True)
        print(f"seed {seed}: {'lost something' if done.returncode else 'all found again'}; {failed} rounds failed so far", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
