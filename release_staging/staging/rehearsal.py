"""What restaging would come to, without recording anything: each packet's outcome now, and the one that it would have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.contradict.judge import judge
from release_staging.model.gathered import Tables, merged
from release_staging.normalize.normalise import normalise
from release_staging.record.contract import Contract
from release_staging.record.draft import Draft
from release_staging.record.drafts import draft_all, drafts_of
from release_staging.record.handoff import HELD, Outcome, hand_off
from release_staging.record.withhold import rescanning
from release_staging.review.effects import Recorded, reviewed
from release_staging.staging.in_memory import Reference, judged
from release_staging.staging.outdated import Outdated
from release_staging.staging.resolving import Resolving
from release_staging.staging.restaging import EXTRACTION, INTAKE, JUDGEMENT
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault

Load = Callable[[str, str], Tables]  # (asset, packet) -> what was made of it


@dataclass(frozen=True)
class Rehearsed:
    """A packet's outcome now, and the one it would have; ``newly`` are the exceptions that would hold it and do not now."""

    packet: str
    before: str
    after: str
    newly: tuple[tuple[str, str], ...]  # (code, subject)


@dataclass(frozen=True)
class Summary:
    """How many packets would change, and why. ``reasons`` counts packets by the exception that would newly hold them."""

    packets: int
    changes: dict[tuple[str, str], int]  # (outcome now, outcome then) -> packets
    reasons: dict[tuple[str, str], int]


def summary(rehearsed: Iterable[Rehearsed]) -> Summary:
    found = list(rehearsed)
    changes = Counter((one.before, one.after) for one in found)
    reasons = Counter(reason for one in found for reason in one.newly)
    return Summary(len(found), dict(sorted(changes.items())), dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))))


class Rehearsing:
    """Stages packets as far as their outcome, from what earlier runs made where that is not out of date."""

    def __init__(
        self,
        store: StagingStore,
        reviews: ReviewStore,
        vault: Vault,
        load: Load,
        policy: Policy,
        registries: Registries,
        contract: Contract,
    ) -> None:
        self._store, self._load, self._vault = store, load, vault
        self._by = Reference(policy, registries, contract)
        self._memory = _Standing(store, reviews, vault)

    def rehearse(self, outdated: Sequence[Outdated]) -> list[Rehearsed]:
        """The packets, all at once: those that need the same made again take the same path."""
        drafts: dict[str, Draft] = {}
        for path in (self._from_judgement, self._from_evidence, self._from_documents):
            theirs = [one.packet for one in outdated if self._path(one) == path]
            if theirs:
                drafts |= path(theirs)
        return [self._outcome(one.packet, drafts[one.packet]) for one in outdated]

    def _path(self, outdated: Outdated) -> Callable[[list[str]], dict[str, Draft]]:
        if any(asset in outdated.assets for asset in (*INTAKE, *EXTRACTION)):
            return self._from_documents
        return self._from_evidence if any(asset in outdated.assets for asset in JUDGEMENT) else self._from_judgement

    def _from_judgement(self, packets: list[str]) -> dict[str, Draft]:
        return self._drafts(merged(self._load(asset, packet) for packet in packets for asset in JUDGEMENT))

    def _from_evidence(self, packets: list[str]) -> dict[str, Draft]:
        evidence, review, *extracted = (merged(self._load(asset, packet) for packet in packets) for asset in (*INTAKE, *EXTRACTION))
        tables = reviewed(evidence, review, *extracted)
        normalised = {**tables, **normalise(tables, self._by.registries, self._by.policy)}
        return self._drafts(merged([normalised, judge(normalised)]))

    def _from_documents(self, packets: list[str]) -> dict[str, Draft]:
        return judged(packets, self._memory, self._by).drafts

    def _drafts(self, tables: Tables) -> dict[str, Draft]:
        return drafts_of(draft_all(tables, self._by.contract, self._by.registries.digest, self._by.policy))

    def _outcome(self, packet: str, made: Draft) -> Rehearsed:
        last = self._store.latest(packet)
        assert last is not None
        now = hand_off(self._by.contract, made, last.revision + 1, Resolving(self._vault.get), rescanning(self._by.policy.disclosure))
        before = {(one.code.value, one.subject) for one in last.exceptions if one.blocking}
        return Rehearsed(packet, last.outcome, now.outcome, _newly(now, before))


def _newly(outcome: Outcome, before: set[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    if outcome.outcome != HELD:
        return ()
    return tuple(sorted({(one.code.value, one.subject) for one in outcome.exceptions if one.blocking} - before))


class _Standing:
    """The deployment's store and vault, as ``in_memory`` reads them."""

    def __init__(self, store: StagingStore, reviews: ReviewStore, vault: Vault) -> None:
        self.put, self.get = vault.put, vault.get
        self.receive, self.packet, self.packet_by_digest = store.receive, store.packet, store.packet_by_digest
        self.released_before = store.released_before
        self._reviews = reviews

    def in_force(self, packets: Iterable[str]) -> dict[str, list[Recorded]]:
        return self._reviews.in_force(packets, datetime.now(UTC))
