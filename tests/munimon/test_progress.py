"""What is shown while many files are taken in: on a terminal how far it is, in a pipe nothing."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.workbooks import write_workbooks
from munimon.progress import Tally


def test_files_rows_and_findings_are_counted_until_all_are_recorded():
    told = []
    tally = Tally(lambda *shown: told.append(shown), lambda: 2)

    tally.add(files=1, rows=1200, findings=3)
    tally.add(files=1, rows=1)
    tally.add(findings=7)

    assert told == [
        ("reading the files", 1, 2, "1,200 rows, 3 findings"),
        ("judging and recording", 2, 2, "1,201 rows, 3 findings"),
        ("judging and recording", 2, 2, "1,201 rows, 10 findings"),
    ]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_terminal_is_shown_files_rows_findings_and_time_left_and_a_pipe_nothing(tmp_path, is_terminal):
    write_workbooks(tmp_path / "reports", 2)
    reader, writer = pty.openpty() if is_terminal else os.pipe()
    command = [str(Path(sys.executable).with_name("munimon")), "ingest", str(tmp_path / "reports"), "--home", str(tmp_path / "home")]
    environment = os.environ | {"COLUMNS": "150", "TERM": "xterm"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=writer, env=environment) as process:
        os.close(writer)
        shown = b""
        while chunk := _read(reader):
            shown += chunk
    os.close(reader)

    assert process.returncode == 0
    if is_terminal:
        plain = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", shown).decode()
        assert re.search(r"judging and recording \S+ 2/2 400 rows, 0 findings 0:00:\d\d 0:00:00", plain)
    else:
        assert shown == b""


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65_536)
    except OSError:  # so a terminal says that nobody writes to it any more
        return b""
