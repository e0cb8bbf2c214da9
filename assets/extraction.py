"""One extraction asset for each row of the table of sources."""

import dagster as dg

from assets.contained import contained
from assets.metadata import of_extraction
from assets.packets import packet_asset
from assets.run_packets import described
from release_staging.disclosure.tables import concealed
from release_staging.evidence.gather import extract_source, options
from release_staging.model.gathered import Tables, merged
from release_staging.model.sources import SOURCES, Source
from release_staging.model.tables import gathered
from resources.reference import Reference
from resources.staging import EvidenceVault


def extraction(source: Source) -> dg.AssetsDefinition:
    """The extraction asset of a source: its documents read into claims, rows, losses and problems."""

    @packet_asset(
        source.name,
        group="extraction",
        owner=source.owner.replace("_", "-"),
        inputs=("evidence_packet", "review_findings"),
        description=f"{source.title}: claims, rows ({', '.join(source.tables)}), losses and problems of every document of this source.",
    )
    def extract(
        context: dg.AssetExecutionContext,
        evidence_packet: Tables,
        review_findings: Tables,
        evidence_vault: EvidenceVault,
        reference: Reference,
    ) -> Tables:
        with contained():
            evidence = merged([evidence_packet, review_findings])
            documents = evidence_packet.get("documents", gathered("documents").empty_table())
            tables = extract_source(source, documents, evidence_vault.vault.get, options(reference.policy))
            tables = concealed(tables, evidence_vault.concealing.of(evidence, reference.policy.disclosure))
            return described(context, tables, lambda found, packet: of_extraction(found, packet, tables))

    return extract


extractions = [extraction(source) for source in SOURCES]
