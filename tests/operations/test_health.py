"""Queue health: what waits, for whom, how long, and what waits longer than policy allows."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from release_staging.config.policy import Policy
from release_staging.model.exceptions import Code, ReviewException, Role
from release_staging.operations.health import AGES, health
from release_staging.operations.queue import Waiting, queue
from release_staging.staging.entries import RevisionHead
from tests.config.support import POLICY
from tests.staging.support import NOON

ALLOWED = {Role.RELEASE_MANAGER: timedelta(days=3), Role.SERVICE_OWNER: timedelta(days=3), Role.SECURITY_REVIEWER: timedelta(days=1)}
_NAMES = count(1)

reasons = st.builds(
    ReviewException,
    code=st.sampled_from([Code.CONTRADICTION, Code.DISCLOSURE_SECRET, Code.EVIDENCE_MISSING]),
    subject=st.just("sboms"),
    message=st.just("m"),
    remedy=st.just("r"),
    owner=st.sampled_from(Role),
    blocking=st.booleans(),
)


def hold(*exceptions: ReviewException, at: datetime = NOON) -> RevisionHead:
    return RevisionHead(f"packet-{next(_NAMES)}", 1, "basis", "held", "1.0.0", "sha256:0", None, at, {}, [], exceptions)


def reason(owner: Role, code: Code = Code.CONTRADICTION, blocking: bool = True) -> ReviewException:
    return ReviewException(code, "subject", "message", "remedy", owner, blocking)


def waited(age: timedelta, *exceptions: ReviewException) -> Waiting:
    return Waiting(hold(*exceptions), NOON - age)


def test_a_hold_is_overdue_for_a_role_only_after_its_own_time() -> None:
    both = (reason(Role.SECURITY_REVIEWER, Code.DISCLOSURE_SECRET), reason(Role.SERVICE_OWNER))
    for hours, roles in ((24, []), (25, [Role.SECURITY_REVIEWER]), (73, [Role.SECURITY_REVIEWER, Role.SERVICE_OWNER])):
        found = health([waited(timedelta(hours=hours), *both)], ALLOWED, NOON)
        assert sorted(one.role for one in found.overdue) == sorted(roles)
        assert found.overdue_holds == bool(roles)


def test_what_is_only_noted_keeps_nobody_waiting() -> None:
    noted = reason(Role.SECURITY_REVIEWER, Code.DISCLOSURE_SECRET, blocking=False)
    found = health([waited(timedelta(days=2), reason(Role.SERVICE_OWNER), noted)], ALLOWED, NOON)
    assert (found.by_role[Role.SECURITY_REVIEWER], found.by_code[Code.DISCLOSURE_SECRET], found.overdue) == (0, 0, ())


def test_an_empty_queue_is_healthy_and_has_every_number() -> None:
    found = health([], ALLOWED, NOON)
    assert (found.holds, found.oldest, found.overdue) == (0, timedelta(), ())
    assert set(found.by_code) == set(Code)
    assert set(found.by_role) == set(Role)
    assert list(found.by_age) == [name for name, _ in AGES]


@given(st.lists(st.tuples(st.integers(0, 60 * 24), st.lists(reasons, min_size=1, max_size=4)), max_size=12))
def test_every_hold_has_one_age_and_counts_once_for_each_of_its_codes_and_roles(said: list[tuple[int, list[ReviewException]]]) -> None:
    waiting = [waited(timedelta(hours=hours), *listed) for hours, listed in said]
    found = health(waiting, ALLOWED, NOON)
    blocking = [[one for one in listed if one.blocking] for _, listed in said]
    assert sum(found.by_age.values()) == found.holds == len(said)
    assert sum(found.by_role.values()) == sum(len({one.owner for one in listed}) for listed in blocking)
    assert sum(found.by_code.values()) == sum(len({one.code for one in listed}) for listed in blocking)
    assert [one.age for one in found.overdue] == sorted((one.age for one in found.overdue), reverse=True)
    assert all(one.age > ALLOWED[one.role] for one in found.overdue)
    assert {one.packet for one in found.overdue} <= {one.packet for one in waiting}


def test_the_sample_policy_says_for_every_role_when_a_hold_is_overdue() -> None:
    assert Policy.load(POLICY).queue.overdue_after.by_role == ALLOWED


def test_what_is_older_stands_first() -> None:
    old, new = hold(reason(Role.SERVICE_OWNER)), hold(reason(Role.SERVICE_OWNER))
    since = {old.packet_id: NOON, new.packet_id: NOON + timedelta(hours=1)}
    assert [one.packet for one in queue([new, old], since)] == [old.packet_id, new.packet_id]
