"""The local deployment as real processes: it becomes ready, stages what arrives, stops clean, goes on, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from release_staging.staging.entries import Revision
from release_staging.staging.postgres import databases, engine, stop
from release_staging.staging.store import StagingStore
from tests.cli.support import PROGRAM, Said, environment, program
from tests.packets import SAMPLES, PacketBuilder

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def state() -> Iterator[Path]:
    with TemporaryDirectory(prefix="release-staging-") as folder:
        yield Path(folder)
        stop(Path(folder))


Ports = tuple[int, int]  # of the Dagster UI, and of the desk


@pytest.fixture
def ports() -> Ports:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


@contextmanager
def up(home: Path, ports: Ports) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """``release-staging up``, once it says that it is; killed in the end if it is still there."""
    told = home / "up.txt"
    with told.open("w") as output:
        process = subprocess.Popen(
            [PROGRAM, "up", "--port", str(ports[0]), "--desk-port", str(ports[1])],
            env=environment(home),
            stdout=output,
            stderr=output,
            text=True,
            start_new_session=True,
        )
    try:
        wait(lambda: "stop with" in told.read_text() or process.poll() is not None, 150, told.read_text)
        assert process.poll() is None, told.read_text()
        yield process, told
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait(done: Callable[[], bool], seconds: float, told: Callable[[], str] = str) -> None:
    until = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < until, f"not within {seconds} s: {told()}"
        time.sleep(0.2)


def of_deployment(home: Path, *words: str) -> list[str]:
    """The command lines of living processes that belong to the state folder (and hold one of the words)."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            try:
                line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                belongs = str(home).encode() in (process / "environ").read_bytes() or str(home) in line
            except OSError:
                continue
            if line and belongs and (not words or any(word in line for word in words)):
                found.append(line)
    return found


def outcome(home: Path, packet: str, seconds: float = 90) -> Revision:
    """The packet's latest revision, once there is one."""
    with databases(home, {}) as found:
        pool = engine(found.staging)
        store = StagingStore(pool)
        wait(lambda: store.latest(packet) is not None, seconds, lambda: (home / "logs/daemon.log").read_text()[-3000:])
        revision = store.latest(packet)
        pool.dispose()
    assert revision is not None
    return revision


def stopped(process: subprocess.Popen[str], by: signal.Signals) -> int:
    process.send_signal(by)
    return process.wait(60)


def submitted(said: Said) -> str:
    assert said.status == 0, said.err
    return str(said.lines[0]["packet_id"])


def test_the_deployment_stages_stops_goes_on_and_leaves_nothing_behind(state: Path, ports: Ports, tmp_path: Path) -> None:
    with up(state, ports) as (process, told):
        ui, desk = (f"http://127.0.0.1:{port}" for port in ports)
        assert ui in told.read_text()
        with urllib.request.urlopen(f"{ui}/server_info", timeout=30) as answer:
            assert "dagster_webserver_version" in json.load(answer)
        held = submitted(program(state, "submit", SAMPLES / "mixed-candidates"))
        first = outcome(state, held)
        assert first.outcome == "held"
        assert {one.code for one in first.exceptions if one.blocking} == {"MIXED_CANDIDATE"}
        with urllib.request.urlopen(f"{desk}/api/holds", timeout=30) as answer:
            assert [one["packet_id"] for one in json.load(answer)["holds"]] == [held]
        assert stopped(process, signal.SIGINT) == 0
        assert told.read_text().splitlines()[-1] == "stopped"
        assert "Traceback" not in told.read_text()
    wait(lambda: not of_deployment(state), 20, lambda: "\n".join(of_deployment(state)))

    packed = PacketBuilder.clean().write_zip(tmp_path)
    clean = submitted(program(state, "submit", packed))  # while nobody is there
    with up(state, ports) as (process, _):
        assert outcome(state, clean).outcome == "staged"
        again = outcome(state, held)
        assert (again.revision, again.body, again.created_at) == (first.revision, first.body, first.created_at)
        process.kill()
        process.wait()
        wait(lambda: not of_deployment(state, "dagster"), 40, lambda: "\n".join(of_deployment(state)))

    with up(state, ports) as (process, told):
        assert program(state, "show", clean, "--format", "json").out == outcome(state, clean).body + "\n"
        assert stopped(process, signal.SIGTERM) == 0
        assert "Traceback" not in told.read_text()
    wait(lambda: not of_deployment(state), 20, lambda: "\n".join(of_deployment(state)))


def test_a_port_that_is_taken_is_bad_usage_and_starts_nothing(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]
        said = program(state, "up", "--port", str(number))
    assert said.status == 2
    assert f"port {number} is in use" in said.refused()
    assert "--port" in said.err
    assert not (state / "postgres").exists()
