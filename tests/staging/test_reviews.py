"""Two reviewers at once: whoever comes second is told so, and nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from release_staging.review.finding import Finding
from release_staging.review.words import Refused
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.store import StagingStore
from tests.staging.support import exception, handoff, packet
from tests.staging.test_lifecycle import checked, said_of


@pytest.fixture
def reviews(store: StagingStore) -> ReviewStore:
    store.receive(packet("amber"))
    store.hand_off([handoff("amber", exception(True))])
    return ReviewStore(store._engine)


def test_of_reviewers_who_decide_the_same_thing_at_once_one_is_recorded_and_the_others_are_told(reviews: ReviewStore) -> None:
    said = [said_of("amber", 1, "adjudicate", "candidate.version", number) for number in range(8)]

    def record(finding: Finding) -> str:
        try:
            return "recorded" if reviews.record(finding, checked) else "there already"
        except Refused as refused:
            return refused.message

    with ThreadPoolExecutor(8) as terminals:
        told = list(terminals.map(record, said))
    assert told.count("recorded") == 1
    assert sum("has answered this already" in one for one in told) == 7
    [standing] = reviews.findings("amber")
    assert said[told.index("recorded")] == standing.finding


def test_the_same_finding_from_eight_terminals_is_one(reviews: ReviewStore) -> None:
    said = said_of("amber", 1, "adjudicate", "candidate.version", 1)
    with ThreadPoolExecutor(8) as terminals:
        recorded = list(terminals.map(lambda _: reviews.record(said, checked), range(8)))
    assert sorted(recorded) == [False] * 7 + [True]
    assert len(reviews.findings("amber")) == 1


def test_a_run_that_started_before_a_finding_leaves_it_to_the_next(store: StagingStore, reviews: ReviewStore) -> None:
    """The run has read the findings already; when it hands off, the new one is not among them, and is asked for again."""
    number = store.next_revision("amber", "b")
    reviews.record(said_of("amber", 1, "adjudicate", "candidate.version", 1), checked)
    store.hand_off([handoff("amber", exception(True), revision=number, basis="b")])
    assert list(reviews.to_restage(datetime.now(UTC))) == ["amber"]
    with pytest.raises(Refused, match="answers revision 1, and packet amber is at revision 2"):
        reviews.record(said_of("amber", 1, "adjudicate", "candidate.commit", 2), checked)
