"""Each basis of a packet has one outcome, nobody changes it, and the database itself sees to that."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from release_staging.model.exceptions import Code, Role
from release_staging.staging.entries import Handoff
from release_staging.staging.errors import RevisionTaken, StagingError
from release_staging.staging.postgres import engine
from release_staging.staging.store import StagingStore
from tests.staging.support import exception, handoff, packet

BILLING = "billing-api-4.12.0-rc.3-9f2c41"


@pytest.fixture
def database(database_url: str) -> Engine:
    return engine(database_url)


@pytest.fixture
def received(store: StagingStore) -> StagingStore:
    """A store that has received one packet."""
    assert store.receive(packet(BILLING))
    return store


def events(store: StagingStore, packet_id: str = BILLING) -> list[str]:
    return [event.event for event in store.events(packet_id)]


# Packets


def test_a_packet_comes_back_as_it_was_received(received: StagingStore) -> None:
    assert received.packet(BILLING) == packet(BILLING)
    assert received.packet_by_digest(packet(BILLING).digest) == packet(BILLING)
    assert received.packets() == [packet(BILLING)]
    assert received.packet("another") is None


def test_the_same_content_twice_is_one_packet(received: StagingStore) -> None:
    assert not received.receive(packet(BILLING))
    assert received.packets() == [packet(BILLING)]
    assert events(received) == ["received"]


def test_a_packet_id_never_names_two_contents(received: StagingStore) -> None:
    with pytest.raises(StagingError, match="already belongs to other content"):
        received.receive(packet(BILLING, content="other"))


@pytest.mark.parametrize("name", ["", "../escaped", "a/b", "a..b", "a\nb", "-a", "a" * 300])
def test_a_packet_id_that_could_climb_out_of_a_folder_is_refused(store: StagingStore, name: str) -> None:
    with pytest.raises(StagingError, match="letters, digits"):
        store.receive(packet(name, content="x"))
    assert store.packets() == []


# Handing off


def test_a_record_comes_back_byte_for_byte(received: StagingStore) -> None:
    given = handoff(BILLING, exception(False), note="na\u00efve \u2603 \U0001f680 \u0000 \\u0000")
    (result,) = received.hand_off([given])
    assert (result.revision, result.outcome, result.repeated) == (1, "staged", False)
    found = received.latest(BILLING)
    assert found is not None
    assert found.body == given.body
    assert found.document_digest == given.document_digest == result.document_digest
    assert (found.outcome, found.contract, found.run_id, found.basis) == ("staged", "1.0.0", "run-1", "a")
    assert received.revision(BILLING, 1) == found
    assert received.revision(BILLING, 2) is None


def test_exceptions_stand_beside_the_body_in_its_order(received: StagingStore) -> None:
    received.hand_off(
        [handoff(BILLING, exception(True, code="CONTRADICTION"), exception(False, Role.SERVICE_OWNER, message="nul \u0000 kept"))]
    )
    (hold,) = received.holds()
    assert [(e.code, e.owner, e.blocking) for e in hold.exceptions] == [
        (Code.CONTRADICTION, Role.RELEASE_MANAGER, True),
        (Code.EVIDENCE_MISSING, Role.SERVICE_OWNER, False),
    ]
    assert hold.exceptions[0].evidence[0].path == "sbom/app.cdx.json"
    assert hold.exceptions[1].message == "nul \ufffd kept"


def test_running_again_on_the_same_basis_repeats_the_outcome(received: StagingStore) -> None:
    received.hand_off([handoff(BILLING, exception(True))])
    assert received.next_revision(BILLING, "a") == 1
    (again,) = received.hand_off([handoff(BILLING, exception(True), run="run-2")])
    assert (again.revision, again.outcome, again.repeated) == (1, "held", True)
    assert len(received.history(BILLING)) == 1
    assert events(received) == ["received", "held", "repeated"]


def test_the_same_basis_with_another_outcome_is_a_defect_and_changes_nothing(received: StagingStore) -> None:
    received.hand_off([handoff(BILLING)])
    with pytest.raises(StagingError, match="not deterministic"):
        received.hand_off([handoff(BILLING, exception(True))])
    assert [r.outcome for r in received.history(BILLING)] == ["staged"]
    assert events(received) == ["received", "staged"]


def test_a_new_basis_is_a_new_revision_and_the_old_one_stays(received: StagingStore) -> None:
    received.hand_off([handoff(BILLING, exception(True))])
    assert received.next_revision(BILLING, "b") == 2
    received.hand_off([handoff(BILLING, revision=2, basis="b")])
    assert [(r.revision, r.outcome) for r in received.history(BILLING)] == [(1, "held"), (2, "staged")]
    assert received.next_revisions({BILLING: "b", "unknown": "a"}) == {BILLING: 2, "unknown": 1}
    assert received.holds() == []


def test_going_back_to_an_earlier_basis_is_a_revision_of_its_own_and_the_one_that_stands(received: StagingStore) -> None:
    received.hand_off([handoff(BILLING, exception(True))])
    received.hand_off([handoff(BILLING, revision=2, basis="b")])
    assert received.next_revision(BILLING, "a") == 3
    received.hand_off([handoff(BILLING, exception(True), revision=3, basis="a")])
    assert [r.outcome for r in received.history(BILLING)] == ["held", "staged", "held"]
    assert [r.revision for r in received.holds()] == [3]


def test_a_revision_that_another_run_took_is_refused(received: StagingStore) -> None:
    received.hand_off([handoff(BILLING, basis="a")])
    with pytest.raises(RevisionTaken, match="run the packet again"):
        received.hand_off([handoff(BILLING, basis="b", revision=1)])
    with pytest.raises(RevisionTaken):
        received.hand_off([handoff(BILLING, basis="b", revision=3)])


def test_one_call_happens_whole_or_not_at_all(received: StagingStore) -> None:
    with pytest.raises(StagingError, match="never received"):
        received.hand_off([handoff(BILLING), handoff("stranger")])
    assert received.latest(BILLING) is None
    assert received.hand_off([]) == []


def test_one_call_hands_off_a_packet_once(received: StagingStore) -> None:
    with pytest.raises(StagingError, match="more than once"):
        received.hand_off([handoff(BILLING, basis="a"), handoff(BILLING, basis="b", revision=2)])


def test_results_come_in_the_order_given(store: StagingStore) -> None:
    names = ["c", "a", "b"]
    for name in names:
        store.receive(packet(name))
    store.hand_off([handoff("a")])
    results = store.hand_off([handoff(name, *[exception(True)] * (name == "c")) for name in names])
    assert [(r.packet_id, r.outcome, r.repeated) for r in results] == [("c", "held", False), ("a", "staged", True), ("b", "staged", False)]


def test_runs_that_hand_off_the_same_packets_at_once_leave_one_outcome_each(store: StagingStore, database_url: str) -> None:
    names = [f"packet-{number}" for number in range(30)]
    for name in names:
        store.receive(packet(name))
    stores = [StagingStore(engine(database_url)) for _ in range(4)]
    orders = [names, names[::-1], names[10:] + names[:10], names[::2] + names[1::2]]  # in different orders: nobody may wait in a circle
    with ThreadPoolExecutor(4) as runs:
        done = list(
            runs.map(lambda pair: pair[0].hand_off([handoff(name, exception(True)) for name in pair[1]]), zip(stores, orders, strict=True))
        )
    assert sum(not result.repeated for results in done for result in results) == len(names)
    for name in names:
        assert len(store.history(name)) == 1
        assert sorted(events(store, name)) == ["held", "received", "repeated", "repeated", "repeated"]


# What the database makes impossible


def test_a_record_with_a_blocking_exception_cannot_be_staged(received: StagingStore) -> None:
    with pytest.raises(StagingError, match="must agree with its outcome"):
        received.hand_off([handoff(BILLING, exception(True), outcome="staged")])


def test_a_hold_without_a_reason_cannot_be_held(received: StagingStore) -> None:
    for reasons in ((), (exception(False),)):
        with pytest.raises(StagingError, match="must agree with its outcome"):
            received.hand_off([handoff(BILLING, *reasons, outcome="held")])


@pytest.mark.parametrize("doubtful", ["true", None, 1], ids=repr)
def test_an_exception_that_does_not_say_plainly_whether_it_blocks_is_never_staged(received: StagingStore, doubtful: object) -> None:
    with pytest.raises(StagingError, match="must agree with its outcome"):
        received.hand_off([handoff(BILLING, {**exception(False), "blocking": doubtful}, outcome="staged")])


def test_a_body_that_names_another_packet_or_revision_is_refused(received: StagingStore) -> None:
    for wrong in ({"packet": {"id": "another"}}, {"revision": 7}):
        body = orjson.dumps({"packet": {"id": BILLING}, "revision": 1, "exceptions": [], **wrong}).decode()
        with pytest.raises(StagingError, match="name the packet and revision"):
            received.hand_off([Handoff(BILLING, 1, "a", "staged", "1.0.0", body)])


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"exceptions": {}}', "{"])
def test_what_is_no_record_is_refused(received: StagingStore, body: str) -> None:
    with pytest.raises(StagingError):
        received.hand_off([Handoff(BILLING, 1, "a", "staged", "1.0.0", body)])
    assert received.latest(BILLING) is None


@pytest.mark.parametrize("broken", [{"code": "MADE_UP"}, {"owner": "nobody"}, {"evidence": [{}]}, {"remedy": None}])
def test_an_exception_that_could_not_be_read_back_is_not_written(received: StagingStore, broken: dict[str, object]) -> None:
    with pytest.raises(StagingError):
        received.hand_off([handoff(BILLING, {**exception(True), **broken})])
    assert received.latest(BILLING) is None


def test_a_blocking_exception_beside_a_staged_record_is_impossible_however_it_is_written(received: StagingStore, database: Engine) -> None:
    received.hand_off([handoff(BILLING)])
    row = "'c', 's', 'm', 'r', 'o', true, '[]'"
    for outcome, constraint in (
        ("staged", "a_staged_record_has_no_blocking_exception"),
        ("held", "exceptions_packet_id_revision_outcome_fkey"),
    ):
        with pytest.raises(IntegrityError, match=constraint), database.begin() as connection:
            connection.execute(text(f"INSERT INTO staging.exceptions VALUES ('{BILLING}', 1, 0, '{outcome}', {row})"))


def test_a_digest_that_is_not_of_the_body_is_impossible_however_it_is_written(received: StagingStore, database: Engine) -> None:
    insert = "INSERT INTO staging.revisions VALUES (:p, 1, 'a', 'staged', '1', :digest, '{\"exceptions\": []}')"
    with pytest.raises(IntegrityError, match="digest_is_of_the_body"), database.begin() as connection:
        connection.execute(text(insert), {"p": BILLING, "digest": "sha256:" + "0" * 64})


@pytest.mark.parametrize("table", ["packets", "packet_documents", "revisions", "exceptions", "handoff_events"])
@pytest.mark.parametrize(
    "change", ["UPDATE staging.{0} SET packet_id = packet_id", "DELETE FROM staging.{0}", "TRUNCATE staging.{0} CASCADE"]
)
def test_nothing_that_was_recorded_can_be_changed(received: StagingStore, database: Engine, table: str, change: str) -> None:
    received.hand_off([handoff(BILLING, exception(True))])
    with pytest.raises(IntegrityError, match=r"immutable.*\n.*restage"), database.begin() as connection:
        connection.execute(text(change.format(table)))
    assert received.latest(BILLING) is not None


# Reading


def test_holds_are_the_latest_revisions_that_are_held_oldest_first(store: StagingStore) -> None:
    for name in ("one", "two", "three"):
        store.receive(packet(name))
        store.hand_off([handoff(name, exception(True))])
    store.hand_off([handoff("one", revision=2, basis="b")])
    assert [hold.packet_id for hold in store.holds()] == ["two", "three"]


def test_packets_that_have_an_outcome_are_told_from_those_that_wait(store: StagingStore) -> None:
    for name in ("done", "waiting"):
        store.receive(packet(name))
    store.hand_off([handoff("done")])
    assert store.processed(["done", "waiting", "unknown"]) == {"done"}
    assert store.processed([]) == set()


def test_a_role_sees_the_holds_that_wait_for_it(store: StagingStore) -> None:
    for name, owner in (("one", Role.SECURITY_REVIEWER), ("two", Role.SERVICE_OWNER)):
        store.receive(packet(name))
        store.hand_off([handoff(name, exception(True, owner), exception(False, Role.RELEASE_MANAGER))])
    assert [hold.packet_id for hold in store.holds(Role.SECURITY_REVIEWER)] == ["one"]
    assert store.holds(Role.RELEASE_MANAGER) == []  # told about something in both, asked in neither
    assert len(store.holds(Role.SERVICE_OWNER)[0].exceptions) == 2


def test_a_record_is_found_by_any_name_people_have_for_it(received: StagingStore) -> None:
    record_id = "sha256:" + "5" * 64
    first = handoff(BILLING, exception(True), record_id=record_id)
    received.hand_off([first])
    received.hand_off([handoff(BILLING, revision=2, basis="b")])
    digest = packet(BILLING).digest
    for name in (BILLING, BILLING[:8], "billing-api-4.12.0-rc.3", digest, digest[:20], f" {BILLING} "):
        assert received.find(name).revision == 2
    for name in (record_id, first.document_digest):
        assert received.find(name).revision == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("ab", "several packets: abc, abd"), ("zz", "no packet"), ("", "no packet"), ("%", "no packet"), ("abd", "no outcome yet")],
)
def test_a_name_that_means_nothing_or_too_much_is_said_so(store: StagingStore, name: str, words: str) -> None:
    store.receive(packet("abc", declared_id="one"))
    store.receive(packet("abd", declared_id="two"))
    with pytest.raises(StagingError, match=words):
        store.find(name)


def test_a_store_that_cannot_be_reached_says_so_without_the_password() -> None:
    with pytest.raises(StagingError, match="run again") as caught:
        StagingStore(engine("postgresql://somebody:hush@127.0.0.1:1/staging")).packets()
    assert "hush" not in str(caught.value)
