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
    facts = {
        packet: {**basis_of(made), "digest_key": boundary.key_id, "contract_digest": contract.digest} for packet, made in drafts.items()
    }
    made_of = {packet: basis(made_from) for packet, made_from in facts.items()}
    revisions = store.next_revisions(made_of)
    outcomes, handoffs = {}, []
    for packet, made in drafts.items():
        outcome = hand_off(contract, made, revisions[packet], resolving, rescan)
        outcomes[packet] = outcome
        handoffs.append(
            Handoff(
                packet,
                outcome.revision,
                made_of[packet],
                outcome.outcome,  # type: ignore[arg-type]
                outcome.contract,
                outcome.body.decode(),
                run_id,
                facts[packet],
                made.findings,
            )
        )
    store.hand_off(handoffs)
    return outcomes
