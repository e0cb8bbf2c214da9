"""``release-staging up``: the local deployment, until it is interrupted."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from release_staging.cli.desk import HOST
from release_staging.cli.desk import PORT as DESK_PORT
from release_staging.config.settings import ROOT, Settings
from release_staging.staging.errors import StagingError

_START_SECONDS = 120.0
_STOP_SECONDS = 30.0


@dataclass
class Service:
    name: str
    process: subprocess.Popen[bytes]
    log: Path


@click.command("up")
@click.option("--port", default=3000, show_default=True, help="Port of the Dagster UI.")
@click.option("--desk-port", default=DESK_PORT, show_default=True, help="Port of the desk.")
def command(port: int, desk_port: int) -> None:
    """Start PostgreSQL, the Dagster UI, the daemon with the sensors on, and the desk; print the addresses; stop on Ctrl-C.

    Packets put into the intake (release-staging submit) are staged as they arrive. Stopped and started again, it goes on where it was.
    """
    settings = Settings.of(os.environ)
    for option, asked in (("--port", port), ("--desk-port", desk_port)):
        if _listening(asked):
            raise click.UsageError(f"port {asked} is in use: another deployment may be up; choose one with {option}")
    settings.intake.mkdir(parents=True, exist_ok=True)
    stop = _stop_asked()
    with ExitStack() as running:
        environment = running.enter_context(_storage(settings))
        wanted = _services(port, desk_port)
        services = [running.enter_context(_service(name, arguments, settings, environment)) for name, arguments in wanted]
        for address in (f"{port}/server_info", f"{desk_port}/api/holds"):
            _wait_until_up(address, services, stop)
        if not stop:
            _print_addresses(port, desk_port, settings)
        while not stop:
            _check_alive(services)
            time.sleep(0.2)
        click.echo("stopping")
    click.echo("stopped")


def _services(port: int, desk_port: int) -> list[tuple[str, list[str]]]:
    workspace = ["-w", str(ROOT / "workspace.yaml")]
    return [
        ("Dagster webserver", ["-m", "dagster_webserver", "-h", HOST, "-p", str(port), *workspace]),
        ("Dagster daemon", ["-m", "dagster._daemon", "run", *workspace]),
        ("desk", ["-m", "release_staging", "desk", "--port", str(desk_port)]),
    ]


@contextmanager
def _storage(settings: Settings) -> Iterator[dict[str, str]]:
    """PostgreSQL and the Dagster home; yields the environment of the services."""
    from release_staging.staging.migrations import migrate
    from release_staging.staging.postgres import databases, engine
    from resources.instance import environment, home

    click.echo("starting PostgreSQL")
    with databases(settings.home) as found:
        pool = engine(found.staging)
        migrate(pool)
        pool.dispose()
        places = {"RELEASE_STAGING_HOME": str(settings.home), "RELEASE_STAGING_INTAKE": str(settings.intake)}
        yield {**os.environ, **environment(home(settings.home, found.dagster)), **places, "PYTHONUNBUFFERED": "1"}


@contextmanager
def _service(name: str, arguments: list[str], settings: Settings, environment: dict[str, str]) -> Iterator[Service]:
    """A service under a guard that dies with this process; stopped when the block ends."""
    log = settings.home / "logs" / f"{name.rpartition(' ')[2]}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    click.echo(f"starting the {name}")
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own services
            [sys.executable, "-m", "release_staging.cli.guard", sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            env=environment,
            cwd=ROOT,
            start_new_session=True,
        )
    try:
        yield Service(name, process, log)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _stop_asked() -> list[int]:
    """A list that holds the signal once one asked this process to stop."""
    asked: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _: asked.append(received))
    return asked


def _wait_until_up(address: str, services: list[Service], stop: list[int]) -> None:
    until = time.monotonic() + _START_SECONDS
    while not stop:
        _check_alive(services)
        try:
            with urllib.request.urlopen(f"http://{HOST}:{address}", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > until:
                raise StagingError(
                    f"port {address} did not answer within {_START_SECONDS:.0f} s", remedy=f"see the logs in {services[0].log.parent}"
                ) from None
            time.sleep(0.3)


def _check_alive(services: list[Service]) -> None:
    for service in services:
        if service.process.poll() is not None:
            raise StagingError(f"the {service.name} stopped (status {service.process.returncode})", remedy=f"see {service.log}")


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((HOST, port)) == 0


def _print_addresses(port: int, desk_port: int, settings: Settings) -> None:
    click.echo(f"Dagster UI   http://{HOST}:{port}")
    click.echo(f"desk         http://{HOST}:{desk_port}/api/holds")
    click.echo(f"intake       {settings.intake}")
    click.echo(f"logs         {settings.home / 'logs'}")
    click.echo("submit with  release-staging submit PACKET")
    click.echo("stop with    Ctrl-C")
