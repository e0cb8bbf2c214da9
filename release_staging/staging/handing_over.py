"""Handing drafts over to the staging store: the last checks against the vault, then one transaction."""

from __future__ import annotations

from collections.abc import Mapping

from release_staging.config.disclosure import DisclosureRules
from release_staging.record.contract import Contract
from release_staging.record.draft import Draft
from release_staging.record.drafts import basis_of
from release_staging.record.handoff import Outcome, basis, hand_off
from release_staging.record.withhold import rescanning
from release_staging.staging.entries import Handoff
from release_staging.staging.resolving import Resolving
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault


def hand_over(
    drafts: Mapping[str, Draft], contract: Contract, boundary: DisclosureRules, vault: Vault, store: StagingStore, run_id: str | None
) -> dict[str, Outcome]:
    """Each packet's outcome, recorded in the store all or none. Running it again with the same drafts changes nothing."""
    resolving, rescan = Resolving(vault.get), rescanning(boundary)
    made_of = {packet: basis({**basis_of(made), "digest_key": boundary.key_id}) for packet, made in drafts.items()}
    revisions = store.next_revisions(made_of)
    outcomes, handoffs = {}, []
    for packet, made in drafts.items():
        made_from = made_of[packet]
        outcome = hand_off(contract, made, revisions[packet], resolving, rescan)
        outcomes[packet] = outcome
        handoffs.append(Handoff(packet, outcome.revision, made_from, outcome.outcome, outcome.contract, outcome.body.decode(), run_id))  # type: ignore[arg-type]
    store.hand_off(handoffs)
    return outcomes
