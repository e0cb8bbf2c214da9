"""Runs a command for as long as standard input stays open: when the process that holds its other end dies, so does the command.

``release-staging up`` starts its services through this, so that even ``kill -9`` leaves nothing behind.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

_PATIENCE = 15.0  # seconds between asking a process to stop and stopping it
_LEFTOVERS = 8.0  # the same, for what it started


def main(command: list[str]) -> int:
    """Runs ``command`` in a session of its own; returns its exit status."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603 - our own services
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _stop(child))
    threading.Thread(target=_watch, args=(child,), daemon=True).start()
    status = child.wait()
    _end_group(child.pid)
    return status


def _end_group(group: int) -> None:
    """What the command started and left behind ends too: code servers and runs outlive the service that started them."""
    until = time.monotonic() + _LEFTOVERS
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGTERM)
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.1)
        os.killpg(group, signal.SIGKILL)


def _watch(child: subprocess.Popen[bytes]) -> None:
    while os.read(0, 1024):
        continue
    _stop(child)


def _stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is not None:
        return
    os.killpg(child.pid, signal.SIGTERM)
    timer = threading.Timer(_PATIENCE, _kill, (child,))
    timer.daemon = True
    timer.start()


def _kill(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
