"""The browser that the dashboard's tests drive. `python -m tests.browser` makes sure that there is one, or says why not and fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class BrowserMissing(Exception):
    """No Chromium can be had on this machine."""


def find_browser() -> str | None:
    """The path of an installed Chromium, else of Playwright's own; None where there is neither."""
    from playwright.sync_api import sync_playwright

    for name in _NAMES:
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install_browser() -> str:
    """Find a browser or install one: the package on Debian where we may, else Playwright's own.

    Raises:
        BrowserMissing: If none can be had.
    """
    if found := find_browser():
        return found
    attempts = []
    if shutil.which("apt-get") and os.geteuid() == 0:
        attempts.append([["apt-get", "update"], ["apt-get", "install", "--yes", "--no-install-recommends", "chromium"]])
    attempts.append([[sys.executable, "-m", "playwright", "install", "chromium"]])
    for commands in attempts:
        for command in commands:
            print(f"No browser is installed; running: {' '.join(command)}", flush=True)
            subprocess.run(command, check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        if found := find_browser():
            return found
    raise BrowserMissing("no Chromium is installed and none could be; install Chromium by hand: the dashboard's tests need it")


if __name__ == "__main__":
    try:
        print(f"Browser: {install_browser()}")
    except BrowserMissing as missing:
        sys.exit(str(missing))
