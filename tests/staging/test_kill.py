"""Killed at any point and run again, a hand-off leaves exactly one outcome for each packet.

A child process kills itself with SIGKILL before, or after, each statement it sends, and around the commit: there is no other
point at which the database could see a difference.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

from release_staging.staging.postgres import engine
from release_staging.staging.store import StagingStore
from tests.staging.support import exception, handoff, packet

NAMES = [f"packet-{number}" for number in range(3)]


def process(store: StagingStore) -> None:
    """What a run does: receive, number, hand off. One record, the rest holds."""
    for name in NAMES:
        store.receive(packet(name))
    numbers = store.next_revisions(dict.fromkeys(NAMES, "basis"))
    reasons = {name: [exception(True), exception(False)] if name != NAMES[0] else [] for name in NAMES}
    store.hand_off([handoff(name, *reasons[name], revision=numbers[name], basis="basis") for name in NAMES])


class Points:
    """Counts the points of a connection at which a process can die, and calls ``die`` at the chosen one."""

    def __init__(self, connected: Engine, chosen: int, die: Callable[[], None]) -> None:
        self.count, self.chosen, self.die = 0, chosen, die
        for moment in ("before_cursor_execute", "after_cursor_execute", "begin", "commit"):
            event.listen(connected, moment, self.passed)

    def passed(self, *_: object) -> None:
        self.count += 1
        if self.count == self.chosen:
            self.die()


def in_child(url: str, chosen: int, do: Callable[[Engine], object], points: type[Points] = Points) -> bool:
    """Whether ``do`` came to its end in a process of its own, or died at point ``chosen``."""
    child = os.fork()
    if child == 0:
        connected = engine(url)
        points(connected, chosen, lambda: os.kill(os.getpid(), signal.SIGKILL))
        do(connected)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return False
    assert os.waitstatus_to_exitcode(status) == 0
    return True


def run_in_child(url: str, chosen: int) -> bool:
    return in_child(url, chosen, lambda connected: process(StagingStore(connected)))


def test_a_run_killed_at_any_point_and_run_again_leaves_one_outcome_a_packet(store: StagingStore, database_url: str) -> None:
    deaths = 0
    while not run_in_child(database_url, deaths + 1):
        deaths += 1
        for name in NAMES:
            assert_whole_or_absent(store, name)
        assert deaths < 500
    assert deaths > 20
    assert [[revision.outcome for revision in store.history(name)] for name in NAMES] == [["staged"], ["held"], ["held"]]
    for name in NAMES:
        found = [happened.event for happened in store.events(name)]
        assert found.count("received") == 1
        assert found.count("staged") + found.count("held") == 1


@pytest.mark.parametrize("dies", [3, 8, 11])
def test_the_first_run_killed_and_the_second_not_is_as_if_there_had_been_one(store: StagingStore, database_url: str, dies: int) -> None:
    assert not run_in_child(database_url, dies)
    process(store)
    assert [len(store.history(name)) for name in NAMES] == [1, 1, 1]
    assert [[e.event for e in store.events(name)] for name in NAMES] == [["received", "staged"], ["received", "held"], ["received", "held"]]


def assert_whole_or_absent(store: StagingStore, name: str) -> None:
    for revision in store.history(name):
        assert revision.revision == 1
        assert len(revision.exceptions) == (0 if revision.outcome == "staged" else 2)
        assert [e.event for e in store.events(name)].count(revision.outcome) == 1
