"""The exception queue, on the real store: who waits, since when, and who does not wait any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from release_staging.model.exceptions import Role
from release_staging.operations.queue import Waiting, queue, span
from release_staging.review.finding import Finding
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.store import StagingStore
from tests.staging.support import NOON, exception, handoff, packet

CANDIDATE = {"candidate": {"service": "billing-api", "version": "1"}}


def waiting(store: StagingStore, role: Role | None = None) -> list[Waiting]:
    holds = store.holds(role)
    return queue(holds, store.held_since(hold.packet_id for hold in holds))


def held(store: StagingStore, name: str, revision: int = 1, *owners: Role, hours: int = 0, **body: object) -> None:
    store.receive(replace(packet(name), effective_time=NOON + timedelta(hours=hours)))
    reasons = [exception(True, owner) for owner in owners or (Role.RELEASE_MANAGER,)]
    store.hand_off([handoff(name, *reasons, revision=revision, basis=str(revision), **body)])


def test_a_new_revision_of_a_hold_does_not_make_it_young_again(store: StagingStore) -> None:
    for name, revision in (("first", 1), ("second", 1), ("first", 2)):
        held(store, name, revision)
    assert [(one.packet, one.hold.revision) for one in waiting(store)] == [("first", 2), ("second", 1)]
    [first, second] = waiting(store)
    assert first.since < second.since < first.hold.created_at


def test_a_record_in_between_begins_the_waiting_anew(store: StagingStore) -> None:
    held(store, "first")
    store.hand_off([handoff("first", revision=2, basis="2")])
    assert waiting(store) == []
    held(store, "first", 3)
    [one] = waiting(store)
    assert one.since == one.hold.created_at


def test_what_is_superseded_or_withdrawn_waits_no_more(store: StagingStore, database_url: str) -> None:
    for hours, name in enumerate(("older", "newer")):
        held(store, name, hours=hours, **CANDIDATE)
    assert [one.packet for one in waiting(store)] == ["newer"]
    said = {"packet": "newer", "revision": 1, "reviewer": "J. Doe", "role": "release_manager", "reason": "built by mistake", "withdraw": {}}
    assert ReviewStore(store._engine).record(Finding.model_validate({"finding": "1", **said}), lambda *_: None)
    assert waiting(store) == []


def test_a_role_sees_what_it_is_asked_and_who_else_is(store: StagingStore) -> None:
    held(store, "both", 1, Role.SECURITY_REVIEWER, Role.SERVICE_OWNER)
    held(store, "other", 1, Role.SERVICE_OWNER)
    [one] = waiting(store, Role.SECURITY_REVIEWER)
    assert {role: len(reasons) for role, reasons in one.reasons().items()} == {Role.SECURITY_REVIEWER: 1, Role.SERVICE_OWNER: 1}
    assert list(one.reasons(Role.SECURITY_REVIEWER)) == [Role.SECURITY_REVIEWER]
    assert len(waiting(store, Role.SERVICE_OWNER)) == 2


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=3, hours=4, minutes=30), "3 d 4 h"),
        (timedelta(days=40), "40 d"),
    ],
)
def test_an_age_is_told_in_its_two_largest_units(age: timedelta, told: str) -> None:
    assert span(age) == told
