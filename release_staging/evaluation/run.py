"""Running the labelled set through the real path: opened, read, normalised, judged, drafted, handed off, many packets at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from release_staging.config.settings import Settings
from release_staging.evaluation import reference
from release_staging.evaluation.cases import build
from release_staging.evaluation.completeness import Completeness, completeness
from release_staging.evaluation.expected import Expectation
from release_staging.evaluation.faults.fault import Faulty
from release_staging.evaluation.plan import Plan
from release_staging.model.exceptions import ReviewException
from release_staging.record.handoff import HELD, Outcome
from release_staging.record.traceability import value_at
from release_staging.staging.in_memory import Memory, Reference, handed_off, judged
from release_staging.staging.intake import Admitted, admit

BATCH = 50  # packets that go through the steps at once
_ARRIVES = timedelta(minutes=5)  # after it was submitted


@dataclass(frozen=True)
class Seen:
    """An exception as it came out."""

    code: str
    subject: str
    blocking: bool
    places: tuple[str, ...]  # path and locator of what shows it

    @classmethod
    def of(cls, one: ReviewException) -> Seen:
        return cls(one.code.value, one.subject, one.blocking, tuple(f"{seen.path} {seen.locator or ''}".strip() for seen in one.evidence))


@dataclass(frozen=True)
class Result:
    """What came of a packet beside what should have: exceptions ``missed``, ``extra`` ones of codes nobody expected, and other
    values than ``says`` names. ``elsewhere`` counts those of an expected code at a place nobody expected.
    """

    plan: Plan
    packet_id: str
    digest: str
    held: bool
    expected_held: bool | None
    expected: tuple[str, ...]
    seen: tuple[Seen, ...]
    missed: tuple[str, ...]
    extra: tuple[Seen, ...]
    elsewhere: int
    wrong_values: tuple[str, ...]
    completeness: Completeness

    @property
    def right(self) -> bool:
        """Diverted (or staged) as it should be: with all of the expected codes at their places, and no other."""
        outcome = self.expected_held is None or self.held is self.expected_held
        return outcome and not self.missed and not self.extra and not self.wrong_values


def results(plans: Iterable[Plan], settings: Settings, workers: int, tell: Callable[[int], None] = lambda _: None) -> list[Result]:
    """The results of all plans, in their order; ``tell`` is called with the number of packets that are done."""
    listed = list(plans)
    batches = [tuple(listed[start : start + BATCH]) for start in range(0, len(listed), BATCH)]
    found: list[Result] = []
    for some in _mapped(batches, settings, workers):
        found += some
        tell(len(some))
    return found


def _mapped(batches: list[tuple[Plan, ...]], settings: Settings, workers: int) -> Iterator[list[Result]]:
    if workers == 1:
        by = reference.load(settings)
        yield from (run(batch, by) for batch in batches)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), _prepare, (settings,)) as pool:
        yield from pool.map(_run_prepared, batches)


_PREPARED: list[Reference] = []  # of a worker process


def _prepare(settings: Settings) -> None:
    _PREPARED[:] = [reference.load(settings)]


def _run_prepared(batch: tuple[Plan, ...]) -> list[Result]:
    return run(batch, _PREPARED[0])


def run(plans: Iterable[Plan], by: Reference) -> list[Result]:
    """One batch."""
    memory = Memory()
    made = [(plan, build(plan)) for plan in plans]
    with TemporaryDirectory(prefix="release-staging-evaluation-") as folder:
        ids = [_admitted(case, Path(folder) / str(number), memory, by) for number, (_, case) in enumerate(made)]
    found = judged(dict.fromkeys(ids), memory, by)  # what differs in nothing is one packet
    for _, case in made:
        for digest, data in case.spoiled.items():
            memory.documents[digest] = data
    outcomes = handed_off(found, memory, by)
    return [_result(plan, case, outcomes[packet], by) for (plan, case), packet in zip(made, ids, strict=True)]


def _admitted(case: Faulty, folder: Path, memory: Memory, by: Reference) -> str:
    folder.mkdir()
    path = case.packet.write(folder, case.packet.builder.id)
    taken = admit(path, memory, memory, case.packet.world.submitted + _ARRIVES, by.policy.disclosure, aside=False)
    if not isinstance(taken, Admitted):
        raise TypeError(f"{path.name} was not admitted: {taken.reason}")
    return taken.packet_id


def _result(plan: Plan, case: Faulty, outcome: Outcome, by: Reference) -> Result:
    expectation, exceptions = case.expectation, outcome.exceptions
    blocking = [one for one in exceptions if one.blocking]
    return Result(
        plan=plan,
        packet_id=outcome.packet,
        digest=outcome.document_digest,
        held=outcome.outcome == HELD,
        expected_held=None if any(one.holds is None for one in expectation.exceptions) else expectation.held,
        expected=tuple(sorted({one.code.value for one in expectation.exceptions})),
        seen=tuple(map(Seen.of, exceptions)),
        missed=tuple(f"{one.code.value} {one.path or one.subject} {' '.join(one.locators)}" for one in expectation.missed(exceptions)),
        extra=tuple(Seen.of(one) for one in blocking if one.code.value not in expectation.codes),
        elsewhere=sum(one.code.value in expectation.codes and not _explained(one, expectation) for one in blocking),
        wrong_values=tuple(_wrong_values(expectation, outcome.document)),
        completeness=completeness(outcome, case.packet.builder.files, by.contract),
    )


def _explained(exception: ReviewException, expectation: Expectation) -> bool:
    return any(one.is_met_by(exception) for one in expectation.exceptions)


def _wrong_values(expectation: Expectation, document: Any) -> Iterator[str]:
    for says in expectation.says:
        found = value_at(document, says.pointer)
        if not says.holds(found):
            yield f"{says.pointer} is {str(found)[:200]!r}, not {says.wanted}"
