"""The fuzzer: rounds of the properties of ``test_fuzz`` with new examples each, until the time is up. Each round is a process of its own."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    """Fuzz for so many minutes; what fails is printed with the seed that shows it again. Ends with 1 if anything did."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--found", type=Path, default=Path(".hypothesis/found"), help="The folder for inputs that took the process with them.")
    options = parser.parse_args()
    options.found.mkdir(parents=True, exist_ok=True)
    until, started, seed, failed = time.monotonic() + options.minutes * 60, time.time(), int(time.time()), 0
    while time.monotonic() < until:
        seed += 1
        given = options.found / f"{seed}.bin"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", f"--hypothesis-seed={seed}", str(HERE)]
        environment = os.environ | {"MUNIMON_FUZZ_INPUT": str(given.absolute())}
        left = max(60.0, until - time.monotonic())
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=left + 600, check=False)
        except subprocess.TimeoutExpired:
            failed += 1
            print(f"seed {seed}: did not end; its last workbook is {given}", flush=True)
            continue
        if done.returncode:
            failed += 1
            kept = f"; its last workbook is {given}" if done.returncode < 0 else ""
            print(f"seed {seed}: ended with {done.returncode}{kept}\n{done.stdout[-20_000:]}{done.stderr[-4_000:]}", flush=True)
        if done.returncode >= 0:
            given.unlink(missing_ok=True)
        print(f"seed {seed}: {(time.time() - started) / 60:.0f} minutes, {failed} rounds failed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
