"""Which PostgreSQL is used: the one that ``RELEASE_STAGING_DATABASE_URL`` names, or the embedded one of the state folder.

The embedded server has a database for the staging store and one for Dagster. A server of your own gives one database
for both: the staging store keeps to the schema ``staging``, Dagster to the connection's default schema (``public``), so
neither sees the other's tables, and poolers that pass no start-up options (PgBouncer) work.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from release_staging.staging import embedded
from release_staging.staging.errors import StagingError

DATABASE_URL = "RELEASE_STAGING_DATABASE_URL"
_DIALECT = "postgresql+psycopg2"


@dataclass(frozen=True)
class Databases:
    """SQLAlchemy URLs. ``embedded`` is False for a server that is not ours to start or stop; its URLs may hold a password."""

    staging: str
    dagster: str
    embedded: bool


@contextmanager
def databases(state: Path, environ: Mapping[str, str] = os.environ) -> Iterator[Databases]:
    """The databases, for as long as the block runs. Raises StagingError when the server cannot be started.

    Any number of processes of one state folder may be inside at once; they share one server, which stops when the last
    of them leaves (or dies: a later user then finds and stops it). A long-lived deployment simply stays inside.
    """
    named = environ.get(DATABASE_URL)
    if named:
        url = normalised(named)
        yield Databases(staging=url, dagster=url, embedded=False)
        return
    with embedded.EmbeddedServer(state / "postgres", databases=("staging", "dagster")) as server:
        yield Databases(staging=server.url("staging"), dagster=server.url("dagster"), embedded=True)


def stop(state: Path) -> bool:
    """Stops the embedded server of the state folder, whoever uses it. False when none was running."""
    return embedded.stop(state / "postgres")


def normalised(url: str) -> str:
    """``url`` with the driver written out: a bare ``postgresql://`` means another driver in later SQLAlchemy versions."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StagingError(
            f"{DATABASE_URL} is not a database address", remedy="write it as postgresql://user:password@host:5432/database"
        ) from None
    if parsed.drivername not in ("postgres", "postgresql", _DIALECT):
        raise StagingError(f"{DATABASE_URL} names a {parsed.drivername} database", remedy="staging needs PostgreSQL: postgresql://...")
    return parsed.set(drivername=_DIALECT).render_as_string(hide_password=False)


def engine(url: str) -> Engine:
    """An engine for the staging store: pooled, a connection that died while idle is replaced before it is used, and its errors
    never show the values of a statement, which are evidence.
    """
    return create_engine(normalised(url), pool_pre_ping=True, hide_parameters=True)
