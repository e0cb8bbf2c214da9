"""A failure's own words stand in the run's log: they tell no evidence."""

import dagster as dg
import pytest

from assets.contained import Failed, contained
from tests.disclosure.planted import SECRETS

TOKEN = SECRETS["GitHub token"]


def test_a_failure_that_quotes_a_secret_passes_without_it() -> None:
    with pytest.raises(Failed) as raised, contained():
        raise ValueError(f"could not convert '{TOKEN}' with type str")
    assert str(raised.value) == "ValueError: could not convert '(withheld)' with type str"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_what_a_failure_came_from_counts_too() -> None:
    error = RuntimeError("no table")
    error.__cause__ = KeyError(TOKEN)
    with pytest.raises(Failed, match="RuntimeError: no table"), contained():
        raise error


def test_other_failures_pass_as_they_are() -> None:
    error = LookupError("no reader for x")
    with pytest.raises(LookupError) as raised, contained():
        raise error
    assert raised.value is error


def test_the_event_log_of_a_failed_run_tells_no_evidence() -> None:
    @dg.asset
    def failing() -> None:
        with contained():
            raise ValueError(f"unexpected {TOKEN}")

    with dg.DagsterInstance.ephemeral() as instance:
        done = dg.materialize([failing], instance=instance, raise_on_error=False)
        assert not done.success
        told = "".join(map(str, instance.all_logs(done.run_id)))
    assert "(withheld)" in told
    assert TOKEN not in told
