"""What reviewers said of earlier revisions of a packet, as evidence of the next one."""

from datetime import UTC, datetime
from typing import Any

import dagster as dg

from assets.contained import contained
from assets.metadata import escaped, table
from assets.packets import packet_asset
from assets.run_packets import described, keys
from release_staging.model.gathered import Gathered, Tables
from release_staging.staging.review_evidence import review_of
from resources.reference import Reference
from resources.staging import EvidenceVault, StagingDatabase

_SHOWN = ("kind", "target", "value", "role", "reviewer", "reason")


@packet_asset(
    "review_findings",
    group="intake",
    inputs=("evidence_packet",),
    description="What reviewers said of earlier revisions and is in force: documents supplied and excluded, values read, sides that "
    "hold, names mapped, passages beyond the boundary, evidence that will not come. Each is a document of the packet from here on.",
)
def review_findings(
    context: dg.AssetExecutionContext,
    evidence_packet: Tables,
    staging: StagingDatabase,
    evidence_vault: EvidenceVault,
    reference: Reference,
) -> Tables:
    vault, now = evidence_vault.vault, datetime.now(UTC)
    with contained():
        recorded = staging.reviews.in_force(keys(context), now)
        tables = review_of(recorded, evidence_packet, vault.get, reference.policy, evidence_vault.concealing)
        return described(context, tables, _describe)


def _describe(gathered: Gathered, packet: str) -> dict[str, Any]:
    rows = gathered.rows("review_findings", packet)
    shown = [{name: escaped(row[name] or "") for name in _SHOWN} for row in rows]
    return {"findings": len(rows), "in_force": table(shown, dict.fromkeys(_SHOWN, "string"))}
