"""Brings a database to the staging schema this version needs (Alembic, run from code: there is no alembic.ini to find)."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from release_staging.staging.errors import StagingError
from release_staging.staging.tables import SCHEMA

HEAD = "0003"  # the newest file in versions/
_LOCK = 0x7374_6167_696E_67  # "staging": the advisory lock under which one process at a time migrates


def migrate(engine: Engine) -> None:
    """Creates or upgrades the schema, in one transaction. Safe when several processes start together.

    Raises StagingError when the database refuses, or was migrated by a newer version of this software.
    """
    try:
        with engine.begin() as connection:
            if _version(connection) != HEAD:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                _upgrade(connection)
    except DBAPIError as error:
        raise StagingError(
            f"the staging database {engine.url.render_as_string()} could not be brought to schema version {HEAD}: {error.orig}".rstrip(),
            remedy=f"see that it can be reached and that its user may create the schema {SCHEMA!r} in it",
        ) from error


def _version(connection: Connection) -> str | None:
    """The schema's version, or None where there is none yet. Asked first, because Alembic takes a third of a second to import."""
    if connection.scalar(text("SELECT to_regclass(:table)"), {"table": f"{SCHEMA}.alembic_version"}) is None:
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {SCHEMA}.alembic_version"))  # noqa: S608
    return version


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StagingError(
            f"the staging database has schema version {_version(connection)}, unknown to this version of release-staging ({error})",
            remedy="upgrade release-staging; the database was already used by a newer one",
        ) from error
