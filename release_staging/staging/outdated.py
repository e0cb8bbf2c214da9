"""Which revisions are out of date, why, and what of their packets is to be made again: our own question, asked of the store.

A revision says what it was made from. What of that is not so any more decides how far back a packet has to go: another contract only
assembles and judges anew what was read; a new revision of a reader reads again the documents of its format, and of no other packet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from release_staging.evidence.registry import readers
from release_staging.record.canonical import digest
from release_staging.record.contract import Contract
from release_staging.record.rules.rule import rules_version
from release_staging.record.software import opened_with, software
from release_staging.staging.restaging import EVERYTHING, EXTRACTION, JUDGEMENT, RECORD


@dataclass(frozen=True)
class Current:
    """What a revision would be made from now."""

    contract: str
    contract_digest: str
    software: str
    rules: str
    registries: str
    policy: str
    digest_key: str

    @property
    def opened_with(self) -> str:
        return opened_with(self.policy, self.digest_key)

    @classmethod
    def of(cls, contract: Contract, registries: str, policy: str, digest_key: str) -> Current:
        """``registries`` and ``policy`` are digests, ``digest_key`` the id of the key that found secrets are digested under."""
        return cls(contract.version, contract.digest, software(), rules_version(), registries, policy, digest_key)


@dataclass(frozen=True)
class Outdated:
    """A packet whose last revision is out of date: the reasons, and the assets that are to be made again."""

    packet: str
    reasons: tuple[str, ...]
    assets: tuple[str, ...]


def outdated(packet: str, made_from: Mapping[str, str], current: Current) -> Outdated | None:
    """Whether and why the revision made from these facts is out of date; None where it is not."""
    found = list(_reasons(made_from, current))
    if not found:
        return None
    again = {asset for _, assets in found for asset in assets}
    return Outdated(packet, tuple(reason for reason, _ in found), tuple(asset for asset in EVERYTHING if asset in again))


def _reasons(made_from: Mapping[str, str], current: Current) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not made_from:
        yield "what it was made from was not noted then", EVERYTHING
        return
    for fact, assets in (
        ("contract", RECORD),
        ("rules", RECORD),
        ("registries", (*JUDGEMENT, *RECORD)),
        ("policy", EVERYTHING),
        ("software", EVERYTHING),
        ("digest_key", EVERYTHING),
        ("opened_with", EVERYTHING),  # a part of the packet was made again since, and the rest was not
    ):
        now = getattr(current, fact)
        if made_from.get(fact) != now:
            yield (f"contract {made_from.get(fact)} -> {now}" if fact == "contract" else fact.replace("_", " ")), assets
    if made_from.get("contract") == current.contract and made_from.get("contract_digest") != current.contract_digest:
        yield f"contract {current.contract} was edited", RECORD
    for reader in made_from["readers"].split():
        name, _, revision = reader.rpartition("/")
        if name not in _revisions():
            yield f"reader {name} is not installed", ()  # its documents are held, whenever the packet is staged again
        elif _revisions()[name][1] != revision:
            source, now = _revisions()[name]
            # What a finding supplies is read beside it.
            yield f"reader {name} {revision} -> {now}", ("review_findings", source, *JUDGEMENT, *RECORD)


@cache
def _revisions() -> dict[str, tuple[str, str]]:
    """Format of each reader, its source and revision."""
    return {reader.format: (reader.source, str(reader.revision)) for reader in readers()}


def _digest(ids: list[str]) -> str:
    return digest(" ".join(sorted(ids)).encode())[7:19]


def code_versions(contract: Contract, registries: str) -> dict[str, str]:
    """Of each asset, the version of what makes it: what the UI compares to say that it is out of date."""
    of_source: dict[str, list[str]] = {name: [] for name in EXTRACTION}
    for reader in readers():
        of_source[reader.source].append(reader.id)
    judging = f"{software()}; registries {registries[7:19]}"
    recording = f"{judging}; contract {contract.version} {contract.digest[7:19]}; rules {rules_version()[7:19]}"
    return {
        "evidence_packet": software(),
        "review_findings": software(),
        **{name: f"{software()}; readers {_digest(ids)}" for name, ids in of_source.items()},
        **dict.fromkeys(JUDGEMENT, judging),
        **dict.fromkeys(RECORD, recording),
    }
