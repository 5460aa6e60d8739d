"""Run a command as a user does: in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run_munimon(*arguments: str | Path, home: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `munimon` from this checkout, in a home if one is given."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MUNIMON_")} | environment
    if home:
        variables["MUNIMON_HOME"] = str(home)
    command = [sys.executable, "-m", "munimon.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=variables, cwd=ROOT, check=False)
