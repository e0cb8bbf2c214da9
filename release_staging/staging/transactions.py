"""What every part of the staging store does in the database: one transaction a call, and errors for the person who must act."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from release_staging.staging.refusals import explained


class InTransactions:
    """A part of the store in the database of ``engine``, which ``migrations.migrate`` has prepared. Every method may raise StagingError."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            raise explained(error, self._engine) from error
