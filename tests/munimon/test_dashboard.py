"""The dashboard's server: on this machine only, at the address it prints, gone when it is stopped."""

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.munimon.commands import ROOT, run_munimon


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "munimon.cli", "dashboard", "--home", str(home), *arguments]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT, env=environment)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_the_address_once_it_answers_there_and_ends_when_stopped(tmp_path: Path, stop: signal.Signals) -> None:
    process = start(tmp_path)
    assert process.stdout is not None
    line = process.stdout.readline()
    address = line.split()[4]
    assert line == f"The dashboard is at {address} (Ctrl-C stops it).\n"
    assert address.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(address) as page:
        assert page.status == 200
    process.send_signal(stop)
    rest, errors = process.communicate()
    assert (process.returncode, rest, errors) == (0, "", "")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run_munimon("dashboard", "--port", str(port), home=tmp_path)
    assert (result.returncode, result.stdout, result.stderr) == (
        1,
        "",
        f"munimon: --port: {port} is taken or cannot be used; choose another, or none for a free one\n",
    )
