"""The root: what is in a packet, whether it is what was declared, and whether it is beyond the disclosure boundary."""

from typing import Any

import dagster as dg

from assets.contained import contained
from assets.metadata import of_documents
from assets.packets import packet_asset
from assets.run_packets import described, keys
from release_staging.model.gathered import Gathered, Tables, merged
from release_staging.record.software import opened_with
from release_staging.staging.earlier import releases_before
from release_staging.staging.evidence_packet import evidence_of
from resources.reference import Reference
from resources.staging import EvidenceVault, StagingDatabase


@packet_asset(
    "evidence_packet",
    group="intake",
    description="Root of a packet: its documents, their fixity, what each is, and what in them is beyond the disclosure boundary. "
    "Documents are kept in the evidence vault under their sha256.",
)
def evidence_packet(
    context: dg.AssetExecutionContext, staging: StagingDatabase, evidence_vault: EvidenceVault, reference: Reference
) -> Tables:
    vault, store, policy = evidence_vault.vault, staging.store, reference.policy
    found: list[Tables] = []
    with contained():
        for packet in keys(context):
            evidence = evidence_of(packet, vault, store, policy.disclosure, opened_with(policy.digest, policy.disclosure.key_id))
            found += (evidence, releases_before(packet, evidence, store, reference.registries, vault.get))
        return described(context, merged(found), _describe)


def _describe(gathered: Gathered, packet: str) -> dict[str, Any]:
    facts = gathered.rows("packets", packet)[0]
    return {"digest": facts["digest"], "effective_time": facts["effective_time"], **of_documents(gathered, packet)}
