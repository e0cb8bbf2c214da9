"""The real PostgreSQL for tests: one embedded server a test run (one a worker under xdist), one fresh database a test."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg2
import pytest
from hypothesis import settings
from sqlalchemy import make_url

from release_staging.staging.embedded import EmbeddedServer
from release_staging.staging.migrations import migrate
from release_staging.staging.postgres import engine, stop
from release_staging.staging.store import StagingStore

_NUMBERS = count(1)

# Speed is held by bench/: a law that takes long on a busy machine is no less true.
settings.register_profile("laws", deadline=None)
settings.load_profile("laws")


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder whose embedded server is stopped in the end.

    Outside pytest's own folder: each start of pytest closes that one to others (0700), and as root the server is somebody else.
    """
    with TemporaryDirectory(prefix="release-staging-") as folder:
        yield Path(folder)
        stop(Path(folder))


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """A PostgreSQL server that stops when the tests are over."""
    with (
        TemporaryDirectory(prefix="release-staging-") as folder,
        EmbeddedServer(Path(folder), databases=("template_staging",)) as running,
    ):
        template = engine(running.url("template_staging"))
        migrate(template)
        template.dispose()
        yield running


@pytest.fixture
def database_url(server: EmbeddedServer) -> Iterator[str]:
    """A fresh database in which the staging store's schema stands."""
    yield from database(server, "template_staging")


@pytest.fixture
def empty_database_url(server: EmbeddedServer) -> Iterator[str]:
    """A fresh database with nothing in it."""
    yield from database(server, "template0")


@pytest.fixture
def store(database_url: str) -> Iterator[StagingStore]:
    """A staging store with nothing in it."""
    connected = engine(database_url)
    yield StagingStore(connected)
    connected.dispose()


def database(server: EmbeddedServer, template: str) -> Iterator[str]:
    name = f"test_{next(_NUMBERS)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.url(name)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: EmbeddedServer, statement: str) -> None:
    url = make_url(server.url("postgres"))
    connection = psycopg2.connect(host=str(url.query["host"]), user=url.username, dbname=url.database)
    try:
        connection.autocommit = True
        connection.cursor().execute(statement)
    finally:
        connection.close()
