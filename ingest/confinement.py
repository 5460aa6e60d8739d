"""Processes that do what may go wrong with a hostile file: each with little memory and time, and killed when it takes more.

Such a process may abort, crash, run out of memory or hang; only the one call that it was given is lost. It writes no file and leaves no
core dump, and what it prints goes nowhere, since both could hold what stands in the file.
"""

import atexit
import gc
import math
import os
import pickle
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

# What a call may take where it does not ask for more: address space beyond what the process has when the call begins, and CPU time, which a busy
# machine does not use up. An honest report of usual size takes a tenth of either.
MEMORY = 176 * 2**20
CPU_SECONDS = 10
# Nothing waits without using CPU time; this is for a process that does all the same.
PATIENCE_SECONDS = 600
# A process that a large file has blown up is not used again.
_WORN = 256 * 2**20
# A call makes many objects and hardly any cycles of them: they are looked for after so many.
_GARBAGE = 10_000

_START = "import sys; sys.path[:] = sys.argv[2:]; from ingest.confinement import serve; serve(int(sys.argv[1]))"

Loss = Literal["memory", "time", "crash"]


class CallLost(Exception):
    """A confined call gave no answer: it took too much memory or time, or it brought its process down (``why`` says how, without any content)."""

    def __init__(self, loss: Loss, why: str) -> None:
        super().__init__(f"{loss}: {why}")
        self.loss = loss
        self.why = why


def call_confined(function: Callable[..., Any], *arguments: object) -> Any:
    """Call a function of a module in a confined process, and wait for what it returns.

    Function, arguments and answer are pickled. May be called by many threads at once; each has a process of its own, and the next call uses it
    again.

    Raises:
        CallLost: If the call took more than it may, or failed in any way.
    """
    process = _take_idle() or _Process()
    try:
        answer, is_worn = process.call(function, arguments)
    except BaseException:
        process.end()
        raise
    if is_worn:
        process.end()
    else:
        _idle.append(process)
    return answer


def allow(memory: int, cpu_seconds: float) -> None:
    """Let the confined call that is under way use so much more address space (bytes beyond what is used now) and CPU time; elsewhere, nothing."""
    if _is_confined:
        _limit(resource.RLIMIT_AS, _pages(0) + memory)
        _limit(resource.RLIMIT_CPU, math.ceil(_cpu_seconds() + cpu_seconds) + 1)


def serve(handle: int) -> None:
    """What a confined process does: answer one call after the other, until the other side is gone."""
    global _is_confined
    _is_confined = True
    for limit in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        resource.setrlimit(limit, (0, 0))
    sys.meta_path.insert(0, _NoPandas())
    gc.set_threshold(_GARBAGE)
    is_first = True
    connection = Connection(handle)
    while True:
        try:
            call = connection.recv_bytes()
            connection.send_bytes(_answer(call, connection))
        except EOFError:
            return
        if is_first:
            # what the first call has loaded stays, and is not looked through for garbage again and again
            gc.freeze()
            is_first = False
        # the next call is received before it is confined
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, _hard(resource.RLIMIT_AS)))


class _NoPandas(MetaPathFinder):
    """Keeps Arrow from loading pandas, only to ask whether a list that it is given is a column of pandas: half a second and 50 MB a process."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not loaded in a confined process", name=fullname)


class _Process:
    """One confined process, seen from outside."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        command = [sys.executable, "-c", _START, str(theirs.fileno()), *sys.path]
        nowhere = subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command, stdin=nowhere, stdout=nowhere, stderr=nowhere, pass_fds=[theirs.fileno()], start_new_session=True, env=_environment()
        )
        theirs.close()
        self._connection = Connection(ours.detach())
        with _lock:
            _started.add(self)

    def call(self, function: Callable[..., Any], arguments: tuple[object, ...]) -> tuple[Any, bool]:
        try:
            # the bytes of a file go by themselves: within a pickle they would be held twice on the other side
            apart = [each for each in arguments if isinstance(each, bytes)]
            self._connection.send_bytes(pickle.dumps((function, [None if isinstance(each, bytes) else each for each in arguments], len(apart))))
            for each in apart:
                self._connection.send_bytes(each)
            if not self._connection.poll(PATIENCE_SECONDS):
                raise CallLost("time", f"no answer within {PATIENCE_SECONDS} s")
            loss, answer, size = pickle.loads(self._connection.recv_bytes())  # noqa: S301  # from our own process
        except (EOFError, OSError):
            code = self._process.wait()
            raise CallLost("time" if code == -signal.SIGXCPU else "crash", f"the process ended with {_name_end(code)}") from None
        if loss:
            raise CallLost(loss, answer)
        return answer, size > _WORN

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        self._connection.close()
        self._process.kill()
        self._process.wait()
        with _lock:
            _started.discard(self)


_is_confined = False
_idle: list[_Process] = []
_started: set[_Process] = set()
_lock = threading.Lock()


def _environment() -> dict[str, str]:
    # Arrow's own allocator reserves a gigabyte of addresses at once, which is more than a confined call may
    return os.environ | {"ARROW_DEFAULT_MEMORY_POOL": "system"}


def _take_idle() -> _Process | None:
    try:
        process = _idle.pop()
    except IndexError:
        return None
    if process.is_alive():
        return process
    process.end()
    return _take_idle()


@atexit.register
def _end_all() -> None:
    for process in list(_started):
        process.end()


def _answer(call: bytes, connection: "Connection[bytes, Any]") -> bytes:
    """What a call gives, or how it failed: the kind of error and its line, never its text, which may quote the file."""
    try:
        # naming the function imports our own modules; only what it then does is confined
        function, arguments, count = pickle.loads(call)  # noqa: S301  # from the process that started this one
        apart = [connection.recv_bytes() for _ in range(count)]
        arguments = [apart.pop(0) if each is None and apart else each for each in arguments]
        allow(MEMORY, CPU_SECONDS)
        # the greatest size so far is no measure of wear: a process inherits that of the one it was started by
        return pickle.dumps((None, function(*arguments), _pages(1)))
    except MemoryError:
        return pickle.dumps(("memory", "MemoryError", 0))
    # a panic of a reader written in Rust is no Exception
    except BaseException as error:
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        line = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
        return pickle.dumps(("crash", f"{type(error).__name__}{line}", 0))


def _limit(kind: int, wanted: int) -> None:
    hard = _hard(kind)
    resource.setrlimit(kind, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))


def _hard(kind: int) -> int:
    return resource.getrlimit(kind)[1]


def _pages(field: int) -> int:
    """Bytes of address space (field 0) or of memory (1) that the process has now; 0 where the system does not tell, and then does not limit it."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[field]) * resource.getpagesize()
    except OSError:
        return 0


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _name_end(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"status {code}"
