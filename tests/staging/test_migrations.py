"""Any number of processes may bring a database up to date at once, and what stands then is what the queries expect."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from release_staging.staging import migrations
from release_staging.staging.errors import StagingError
from release_staging.staging.migrations import HEAD, migrate
from release_staging.staging.postgres import engine
from release_staging.staging.tables import SCHEMA, metadata


def test_the_migrated_database_has_the_tables_that_queries_expect(database_url: str) -> None:
    with engine(database_url).connect() as connection:
        options = {
            "include_schemas": True,
            "version_table_schema": SCHEMA,
            "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
        }
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    # The index on an expression is the one thing tables.py does not know: no query names it.
    assert [change for change in differences if "revisions_record_id" not in repr(change)] == []


def test_the_version_asked_for_is_the_newest_there_is() -> None:
    assert ScriptDirectory(str(Path(migrations.__file__).parent)).get_heads() == [HEAD]


def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    engines = [engine(empty_database_url) for _ in range(6)]
    with ThreadPoolExecutor(6) as starters:
        list(starters.map(migrate, engines))
    assert set(inspect(engines[0]).get_table_names(SCHEMA)) == {table.name for table in metadata.tables.values()} | {"alembic_version"}


def test_migrating_again_changes_nothing(database_url: str) -> None:
    migrate(engine(database_url))
    with engine(database_url).connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM staging.alembic_version")) == HEAD


def test_a_database_of_a_newer_version_is_left_alone(database_url: str) -> None:
    with engine(database_url).begin() as connection:
        connection.execute(text("UPDATE staging.alembic_version SET version_num = '9999'"))
    with pytest.raises(StagingError, match=r"9999.*upgrade release-staging"):
        migrate(engine(database_url))


def test_a_database_that_cannot_be_reached_is_an_error_that_names_it_without_its_password() -> None:
    with pytest.raises(StagingError, match=r"127\.0\.0\.1:1/staging") as caught:
        migrate(engine("postgresql://somebody:hush@127.0.0.1:1/staging"))
    assert "hush" not in str(caught.value)


def test_a_user_without_the_right_to_create_the_schema_is_told_which_right(empty_database_url: str) -> None:
    with engine(empty_database_url).begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS reader"))
        connection.execute(text("CREATE ROLE reader LOGIN"))
    with pytest.raises(StagingError, match="may create the schema 'staging'"):
        migrate(engine(empty_database_url.replace("postgres@", "reader@")))
