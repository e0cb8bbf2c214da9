"""Failures as the run's log may tell them: libraries quote the value that they stumbled over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from release_staging.config.disclosure import DEFAULT
from release_staging.disclosure.conceal import discloses, masked


class Failed(Exception):
    """A failure whose own words are beyond the disclosure boundary."""


@contextmanager
def contained() -> Iterator[None]:
    """Lets a failure pass as it is, or, where it or what it came from quotes evidence, without that."""
    try:
        yield
    except Exception as error:
        if any(discloses(str(one), DEFAULT) for one in _chain(error)):
            raise Failed(f"{type(error).__name__}: {masked(str(error), DEFAULT)}").with_traceback(error.__traceback__) from None
        raise


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
