"""The composition root: assets, checks, jobs, sensors and resources of this code location."""

from __future__ import annotations

import os
from typing import Any

import dagster as dg

from assets.backfill import restage_outdated
from assets.evaluation import evaluation
from assets.extraction import extractions
from assets.handoff import handoff
from assets.intake import evidence_packet
from assets.jobs import hourly, look_after, stage_packets
from assets.judgement import contradictions, normalized_evidence, staging_record_draft
from assets.operations import intake_quality, queue_health
from assets.receipts import receipt_sensor
from assets.restaging import restage_sensor
from assets.retention import archive_schedule
from assets.review import review_findings
from assets.sensors import intake_sensor
from release_staging.config.load import content_digest
from release_staging.config.settings import Settings
from release_staging.record import contract
from release_staging.staging.outdated import code_versions
from resources.packet_tables import PacketTables
from resources.reference import Reference
from resources.staging import EvidenceVault, RecordFiles, StagingDatabase


def build_defs(settings: Settings, **resources: Any) -> dg.Definitions:
    """The definitions for a deployment; ``resources`` replaces some of them (tests, the command line)."""
    # Compiled rules of the secret scanner stay with the deployment's state, not in the user's home.
    os.environ.setdefault("KF_RULE_CACHE_DIR", str(settings.home / "cache" / "secret-rules"))
    assets = [evidence_packet, review_findings, *extractions, normalized_evidence, contradictions, staging_record_draft, handoff]
    return dg.Definitions(
        assets=[*_versioned(assets, settings), queue_health, intake_quality, evaluation(settings.home / "evaluation")],
        jobs=[stage_packets, look_after],
        schedules=[archive_schedule(settings.archive, settings.extractions), hourly],
        sensors=[intake_sensor(settings.intake), restage_sensor(settings.findings), restage_outdated, receipt_sensor(settings.receipts)],
        executor=dg.in_process_executor,
        resources={
            "packet_tables": PacketTables(folder=str(settings.extractions)),
            "evidence_vault": EvidenceVault(folder=str(settings.vault)),
            "staging": StagingDatabase(home=str(settings.home), url=settings.database_url),
            "reference": Reference(
                registries_folder=str(settings.registries),
                policy_file=str(settings.policy),
                contract_version=settings.contract,
                contracts_folder=str(settings.contracts),
                digest_key_file=str(settings.digest_key),
            ),
            "record_files": RecordFiles(folder=str(settings.records)),
            **resources,
        },
    )


def _versioned(assets: list[dg.AssetsDefinition], settings: Settings) -> list[dg.AssetsDefinition]:
    """The assets with the version of what makes each, by which the UI says that what it shows is out of date."""
    versions = code_versions(contract.load(settings.contract, settings.contracts), content_digest(settings.registries))
    return [one.map_asset_specs(lambda spec: spec.replace_attributes(code_version=versions[spec.key.path[-1]])) for one in assets]


defs = build_defs(Settings.of(os.environ))
