"""The life of packets, revisions, holds and findings (docs/LIFECYCLE.md), model-checked against the real PostgreSQL.

Any order of receiving, handing off, findings, retracting and withdrawing, by processes some of which are killed at some point of what
they do: the store then is as if that had not begun, or as if it had been done, and running it again does it once.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import event

from release_staging.review.answering import check_alone
from release_staging.review.finding import Finding
from release_staging.review.words import Refused
from release_staging.staging.embedded import EmbeddedServer
from release_staging.staging.entries import Handoff
from release_staging.staging.postgres import engine
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.store import StagingStore
from tests.conftest import database
from tests.staging.support import NOON, exception, handoff, packet

NAMES = ("amber", "birch", "cedar", "dune")
CANDIDATES = {"amber": "1.0.0", "birch": "1.0.0", "cedar": "1.0.0", "dune": "2.0.0"}
LATER = {"amber": 0, "birch": 1, "cedar": 1, "dune": 0}  # days: birch and cedar came at one time, and stand beside each other
FIELDS = ("candidate.version", "candidate.commit")


@dataclass
class Modelled:
    """A packet as the model has it."""

    revisions: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # outcome, names of the findings it was made with
    findings: dict[str, Finding] = field(default_factory=dict)
    withdrawn: bool = False
    superseded: bool = False

    @property
    def in_force(self) -> tuple[str, ...]:
        retracted = {one.target for one in self.findings.values() if one.kind == "retract"}
        kinds = ("retract", "withdraw")
        return tuple(sorted(name for name, one in self.findings.items() if one.kind not in kinds and name not in retracted))

    @property
    def closed(self) -> bool:
        return self.withdrawn or self.superseded


World = dict[str, Modelled]


class Lifecycle(RuleBasedStateMachine):
    def __init__(self, server: EmbeddedServer) -> None:
        super().__init__()
        self._databases = database(server, "template_staging")
        self.url = next(self._databases)
        self._engine = engine(self.url)
        self.store, self.reviews = StagingStore(self._engine), ReviewStore(self._engine)
        self.world: World = {}
        self._said = count(1)

    def teardown(self) -> None:
        self._engine.dispose()
        next(self._databases, None)

    # --- what happens ----------------------------------------------------------------------------------------------------

    @initialize()
    def first(self) -> None:
        self._receive("amber")

    @rule(name=st.sampled_from(NAMES))
    def receive(self, name: str) -> None:
        self._receive(name)

    @rule(data=st.data(), blocks=st.booleans(), dies=st.integers(0, 25))
    def hand_off(self, data: st.DataObject, blocks: bool, dies: int) -> None:
        """A run of a packet, with the findings in force; killed at some point where ``dies`` is not zero."""
        name = data.draw(st.sampled_from(sorted(self.world)))
        after = deepcopy(self.world)
        made = self._handoff(name, blocks)
        after[name].revisions.append(("held" if blocks else "staged", self.world[name].in_force))
        self._supersede(after, name)
        self._happen(lambda store, _: store.hand_off([made]), after, dies)

    @precondition(lambda self: any(one.revisions for one in self.world.values()))
    @rule(data=st.data(), kind=st.sampled_from(["adjudicate", "retract", "withdraw"]), behind=st.integers(0, 1), dies=st.integers(0, 25))
    def say(self, data: st.DataObject, kind: str, behind: int, dies: int) -> None:
        """A reviewer says something of the last revision, or of one that is outdated."""
        name = data.draw(st.sampled_from(sorted(name for name, one in self.world.items() if one.revisions)))
        known = self.world[name]
        target = data.draw(st.sampled_from([*known.in_force, "sha256:" + "0" * 64] if kind == "retract" else FIELDS))
        said = said_of(name, len(known.revisions) - behind, kind, target, next(self._said)) if len(known.revisions) > behind else None
        if said is None:
            return
        after = deepcopy(self.world)
        if self._is_refused(known, said):
            self._refuses(said)
            return
        after[name].findings[said.name] = said
        after[name].withdrawn |= kind == "withdraw"
        self._happen(lambda _, reviews: reviews.record(said, checked), after, dies)

    @rule(data=st.data())
    def say_again(self, data: st.DataObject) -> None:
        """The very same a second time is nothing new, whatever happened since."""
        said = sorted((one for known in self.world.values() for one in known.findings.values()), key=lambda one: one.name)
        if said:
            assert not self.reviews.record(data.draw(st.sampled_from(said)), checked)

    # --- what holds always -------------------------------------------------------------------------------------------------

    @invariant()
    def the_store_is_as_the_model_says(self) -> None:
        assert self._seen() == self._expected(self.world)

    # --- how ---------------------------------------------------------------------------------------------------------------

    def _receive(self, name: str) -> None:
        made = packet(name)
        later = NOON + timedelta(days=LATER[name])
        assert self.store.receive(type(made)(**{**made.__dict__, "effective_time": later})) is (name not in self.world)
        self.world.setdefault(name, Modelled())

    def _handoff(self, name: str, blocks: bool) -> Handoff:
        number = len(self.world[name].revisions) + 1
        body = {"candidate": {"service": "billing-api", "version": CANDIDATES[name]}}
        made = handoff(name, exception(blocks), revision=number, basis=f"{name} {number}", **body)
        return Handoff(**{**made.__dict__, "findings": self.world[name].in_force})

    def _supersede(self, world: World, name: str) -> None:
        beside = [
            other for other in world if world[other].revisions and CANDIDATES[other] == CANDIDATES[name] and not world[other].withdrawn
        ]
        newest = max((LATER[other] for other in beside), default=0)
        for other in beside:
            world[other].superseded |= LATER[other] < newest

    def _is_refused(self, known: Modelled, said: Finding) -> bool:
        if known.closed or said.revision != len(known.revisions):
            return True
        if known.revisions[-1][0] == "staged" and said.kind == "adjudicate":
            return True
        if said.kind == "retract":
            return said.target not in known.in_force
        return said.kind != "withdraw" and (said.kind, said.target) in {
            (known.findings[name].kind, known.findings[name].target) for name in known.in_force
        }

    def _refuses(self, said: Finding) -> None:
        try:
            self.reviews.record(said, checked)
        except Refused:
            return
        raise AssertionError(f"{said.kind} on {said.packet} was to be refused")

    def _happen(self, do: Callable[[StagingStore, ReviewStore], Any], after: World, dies: int) -> None:
        """Does it here, or in a process that is killed at its ``dies``-th point: then it was done wholly, or not at all."""
        if dies == 0:
            do(self.store, self.reviews)
        else:
            self._in_child(do, dies)
            if self._seen() == self._expected(self.world) != self._expected(after):
                return
        self.world = after

    def _in_child(self, do: Callable[[StagingStore, ReviewStore], Any], dies: int) -> None:
        child = os.fork()
        if child == 0:
            connected = engine(self.url)
            passed = count(1)

            def die(*_: object) -> None:
                if next(passed) == dies:
                    os.kill(os.getpid(), signal.SIGKILL)

            for moment in ("before_cursor_execute", "after_cursor_execute", "begin", "commit"):
                event.listen(connected, moment, die)
            do(StagingStore(connected), ReviewStore(connected))
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        assert (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL) or os.waitstatus_to_exitcode(status) == 0

    def _seen(self) -> dict[str, Any]:
        """What the store says."""
        packets = {one.packet_id: self.store.history(one.packet_id) for one in self.store.packets()}
        happened = {name: [one.event for one in self.store.events(name)] for name in packets}
        for name, revisions in packets.items():
            assert [one.revision for one in revisions] == list(range(1, len(revisions) + 1))
            assert happened[name][0] == "received"
            assert happened[name].count("superseded") <= 1
            assert happened[name].count("withdrawn") <= 1
            assert happened[name].count("held") + happened[name].count("staged") == len(revisions)
        return {
            "revisions": {name: [(one.outcome, tuple(one.findings)) for one in revisions] for name, revisions in packets.items()},
            "findings": {name: {one.finding.name for one in self.reviews.findings(name)} for name in packets},
            "withdrawn": {name for name in packets if "withdrawn" in happened[name]},
            "superseded": {name for name in packets if "superseded" in happened[name]},
            "holds": {head.packet_id for head in self.store.holds()},
            "to_restage": {
                name: tuple(one.finding.name for one in standing) for name, standing in self.reviews.to_restage(datetime.now(UTC)).items()
            },
        }

    def _expected(self, world: World) -> dict[str, Any]:
        revised = {name: one for name, one in world.items() if one.revisions}
        return {
            "revisions": {name: one.revisions for name, one in world.items()},
            "findings": {name: set(one.findings) for name, one in world.items()},
            "withdrawn": {name for name, one in world.items() if one.withdrawn},
            "superseded": {name for name, one in world.items() if one.superseded},
            "holds": {name for name, one in revised.items() if one.revisions[-1][0] == "held" and not one.closed},
            "to_restage": {name: one.in_force for name, one in revised.items() if not one.closed and one.revisions[-1][1] != one.in_force},
        }


def checked(finding: Finding, _: object, in_force: Any) -> None:
    check_alone(finding, in_force)


def said_of(name: str, revision: int, kind: str, target: str, number: int) -> Finding:
    whole: dict[str, Any] = {
        "finding": "1",
        "packet": name,
        "revision": revision,
        "reviewer": f"reviewer {number}",
        "role": "release_manager",
    }
    whole["reason"] = "Looked at it."
    if kind == "adjudicate":
        whole["answers"] = {"code": "CONTRADICTION", "subject": target}
        whole["rests_on"] = [{"document": "sha256:" + "1" * 64}]
        whole["adjudicate"] = {"field": target, "value": "one"}
    elif kind == "retract":
        whole["retract"] = {"finding": target}
    else:
        whole["withdraw"] = {}
    return Finding.model_validate(whole)


def test_the_store_keeps_to_the_life_of_packets(server: EmbeddedServer) -> None:
    few = settings(max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Lifecycle(server), settings=few)
