"""Dagster's PostgreSQL storage with its connections pooled.

``dagster-postgres`` as it comes opens a new connection for nearly every statement outside the webserver, hundreds for one run.
Here the run, event log and schedule storages of an instance share one pool, which lives as long as the instance: a code
server makes an instance for each request, so a pool that outlived it would pile up connections. What is stored, and how, is
all inherited; only the engine is another. Chosen in ``dagster.yaml`` (see ``resources.instance``)::

    storage:
      custom: {module: resources.instance_storage, class: PooledPostgresStorage, config: {postgres_url: ...}}

The configuration is that of ``dagster-postgres`` (``postgres_url`` or ``postgres_db``, ``should_autocreate_tables``,
``auth_provider``) and ``pool_size``. Nothing here holds a connection open to listen: since 1.13 Dagster watches runs by polling.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakSet

from dagster import Field, IntSource
from dagster._config.config_schema import UserConfigSchema
from dagster._core.storage.config import pg_config
from dagster._serdes import ConfigurableClassData
from dagster_postgres.event_log import PostgresEventLogStorage
from dagster_postgres.run_storage import PostgresRunStorage
from dagster_postgres.schedule_storage import PostgresScheduleStorage
from dagster_postgres.storage import DagsterPostgresStorage
from dagster_postgres.utils import (
    create_pg_engine,
    get_token_provider_from_config,
    pg_url_from_config,
    retry_pg_connection_fn,
    set_pg_statement_timeout,
)
from sqlalchemy import Connection, Engine, event, inspect, make_url

POOL_SIZE = 4
_OVERFLOW = 12  # threads beyond the pool get a connection each, closed after use
_TABLES = {"runs", "instance_info", "event_logs", "jobs"}  # those by which each storage decides whether to create its own

_ENGINES: WeakSet[Engine] = WeakSet()


def _forget_connections_of_parent() -> None:
    """A fork shares the parent's sockets: using one would mix two conversations, closing one would end the parent's."""
    for engine in _ENGINES:
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_connections_of_parent)


class PooledPostgresStorage(DagsterPostgresStorage):
    """The storage of a Dagster instance in PostgreSQL, over one pool of ``pool_size`` connections a process."""

    def __init__(
        self,
        postgres_url: str,
        should_autocreate_tables: bool = True,
        inst_data: ConfigurableClassData | None = None,
        token_provider: Any = None,
        pool_size: int = POOL_SIZE,
    ) -> None:
        engine = _pooled(postgres_url, token_provider, pool_size=pool_size, max_overflow=_OVERFLOW)
        present = retry_pg_connection_fn(lambda: inspect(engine).get_table_names()) if should_autocreate_tables else _TABLES
        create = not _TABLES.issubset(present)
        super().__init__(postgres_url, create, inst_data, token_provider)
        self._run_storage = _PooledRuns(postgres_url, False, token_provider=token_provider)
        self._event_log_storage = _PooledEvents(postgres_url, False, token_provider=token_provider)
        self._schedule_storage = _PooledSchedules(postgres_url, False, token_provider=token_provider)
        for storage in (self._run_storage, self._event_log_storage, self._schedule_storage):
            storage._engine = engine

    @classmethod
    def config_type(cls) -> UserConfigSchema:
        stock: Any = pg_config()
        return {**stock, "pool_size": Field(IntSource, is_required=False, default_value=POOL_SIZE)}

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]) -> PooledPostgresStorage:
        return cls(
            with_driver(pg_url_from_config(config_value)),
            config_value.get("should_autocreate_tables", True),
            inst_data,
            get_token_provider_from_config(config_value),
            config_value.get("pool_size", POOL_SIZE),
        )

    def dispose(self) -> None:
        """Closes the connections."""
        self._run_storage.dispose()
        self._event_log_storage.dispose()
        self._schedule_storage.dispose()


class _Pooled:
    """Beside a storage of ``dagster-postgres``: pooled in the webserver too, and closed with its instance."""

    _engine: Engine
    _token_provider: Any
    postgres_url: str

    def optimize_for_webserver(self, statement_timeout: int, pool_recycle: int, max_overflow: int) -> None:
        """As in ``dagster-postgres``: a pool for each storage, whose statements may take ``statement_timeout`` milliseconds."""
        self._engine.dispose()
        self._engine = _pooled(self.postgres_url, self._token_provider, pool_size=1, pool_recycle=pool_recycle, max_overflow=max_overflow)
        event.listen(self._engine, "connect", lambda connection, _: set_pg_statement_timeout(connection, statement_timeout))

    def dispose(self) -> None:
        super().dispose()  # type: ignore[misc]
        self._engine.dispose()


class _PooledRuns(_Pooled, PostgresRunStorage):
    pass


class _PooledEvents(_Pooled, PostgresEventLogStorage):
    """Asks the schema once: the stock storage looks a table or column up before many statements, and what is there stays there."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self._present: set[str] = set()
        super().__init__(*arguments, **named)

    def has_table(self, table_name: str) -> bool:
        return self._there(table_name, super().has_table, table_name)

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        return self._there(f"asset_keys.{column_name}", super()._has_asset_key_col_on_connection, conn, column_name)

    def _there(self, name: str, ask: Callable[..., bool], *arguments: Any) -> bool:
        if name not in self._present and ask(*arguments):
            self._present.add(name)
        return name in self._present


class _PooledSchedules(_Pooled, PostgresScheduleStorage):
    pass


def with_driver(url: str) -> str:
    """``url`` with the driver that ``dagster-postgres`` brings written out, as later SQLAlchemy versions take another by default."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg2")
    return parsed.render_as_string(hide_password=False)


def _pooled(url: str, token_provider: Any, **pool: int) -> Engine:
    """Last in, first out, so that what is not needed idles; a connection that died (the server was restarted) is replaced unnoticed."""
    engine = create_pg_engine(url, token_provider, isolation_level="AUTOCOMMIT", pool_pre_ping=True, pool_use_lifo=True, **pool)
    _ENGINES.add(engine)
    return engine
