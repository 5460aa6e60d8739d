"""A home with a small published build, and the dashboard served from it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.dashboards.published import write_published

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "dashboards" / "app.py"
# Chromium asks its maker for updates and experiments unless told not to; a page of ours must not be blamed for that.
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--enable-unsafe-swiftshader")


@pytest.fixture(scope="session")
def published_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the small build published."""
    home = tmp_path_factory.mktemp("home")
    write_published(home)
    return home


def serve(home: Path) -> Iterator[str]:
    """Start the dashboard of a home on a free port of this machine; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {"server.address": "127.0.0.1", "server.port": port, "server.headless": "true", "server.fileWatcherType": "none"}
    command = [sys.executable, "-m", "streamlit", "run", str(APP), *(f"--{name}={value}" for name, value in options.items())]
    environment = os.environ | {"MUNIMON_HOME": str(home), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_it_answers(process, f"http://127.0.0.1:{port}/_stcore/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def wait_until_it_answers(process: subprocess.Popen[bytes], address: str) -> None:
    """Return once the address answers; an error if the process ends first."""
    while True:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            assert process.poll() is None, "streamlit ended by itself"
            time.sleep(0.2)


@pytest.fixture(scope="session")
def dashboard(published_home: Path) -> Iterator[str]:
    """The address of the dashboard of the published home."""
    yield from serve(published_home)


@pytest.fixture(scope="session")
def empty_dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard of a home in which nothing was published."""
    yield from serve(tmp_path_factory.mktemp("empty"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium: the system's where there is one, else Playwright's own."""
    system = Path("/usr/bin/chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=system if system.exists() else None, args=list(QUIET))
        yield started
        started.close()
