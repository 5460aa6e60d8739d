"""Start the dashboard on this machine's own address."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from munimon.settings import ANSWERING, Home, MunimonError

_ADDRESS = "127.0.0.1"


class DashboardFailed(MunimonError):
    """The dashboard did not start, or ended by itself."""


def serve(home: Home, port: int | None, announce: Callable[[str], None], is_read_only: bool = False) -> None:
    """Serve the dashboard of a home until it is interrupted; it ends together with this process.

    Args:
        home: The home whose published build is shown.
        port: The port on 127.0.0.1; a free one by default.
        announce: Told the address once the dashboard answers there.
        is_read_only: Whether it shows questions without letting anybody answer them.

    Raises:
        DashboardFailed: If the port is taken, or the dashboard ends by itself.
    """
    port = _find_port(port)
    options = {
        "server.address": _ADDRESS,
        "server.port": str(port),
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
        "logger.level": "warning",
    }
    command = [sys.executable, "-m", "streamlit", "run", str(_find_app()), *(f"--{name}={value}" for name, value in options.items())]
    environment = os.environ | {
        "MUNIMON_HOME": str(home.folder),
        ANSWERING: "0" if is_read_only else "1",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(_find_root()), os.environ.get("PYTHONPATH")])),
    }
    before = signal.signal(signal.SIGTERM, _interrupt)
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603 (our own interpreter and app)
    try:
        _wait_until_it_answers(process, port)
        announce(f"http://{_ADDRESS}:{port}")
        status = process.wait()
    except KeyboardInterrupt:
        return
    finally:
        process.terminate()
        process.wait()
        signal.signal(signal.SIGTERM, before)
    raise DashboardFailed(f"dashboard: it ended by itself with status {status}; its own message stands above")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _find_port(wanted: int | None) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_ADDRESS, wanted or 0))
        except (OSError, OverflowError):
            raise DashboardFailed(f"--port: {wanted} is taken or cannot be used; choose another, or none for a free one") from None
        return int(probe.getsockname()[1])


def _find_app() -> Path:
    spec = find_spec("dashboards")
    if spec is None or spec.origin is None:
        raise DashboardFailed("dashboard: package 'dashboards' is not installed; install munimon again")
    return Path(spec.origin).with_name("app.py")


def _find_root() -> Path:
    """The folder that `dashboards` is imported from: Streamlit puts the app's own folder on the path, not this one."""
    return _find_app().parent.parent


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://{_ADDRESS}:{port}/_stcore/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise DashboardFailed(f"dashboard: it ended before it answered, with status {process.returncode}; its own message stands above")
