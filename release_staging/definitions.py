"""The composition root: assets, checks, jobs, sensors and resources of this code location."""

from __future__ import annotations

import os
from typing import Any

import dagster as dg

from assets.extraction import extractions
from assets.handoff import handoff
from assets.intake import evidence_packet
from assets.jobs import stage_packets
from assets.judgement import contradictions, normalized_evidence, staging_record_draft
from assets.restaging import restage_sensor
from assets.review import review_findings
from assets.sensors import intake_sensor
from release_staging.config.settings import Settings
from resources.packet_tables import PacketTables
from resources.reference import Reference
from resources.staging import EvidenceVault, RecordFiles, StagingDatabase


def build_defs(settings: Settings, **resources: Any) -> dg.Definitions:
    """The definitions for a deployment; ``resources`` replaces some of them (tests, the command line)."""
    # Compiled rules of the secret scanner stay with the deployment's state, not in the user's home.
    os.environ.setdefault("KF_RULE_CACHE_DIR", str(settings.home / "cache" / "secret-rules"))
    return dg.Definitions(
        assets=[evidence_packet, review_findings, *extractions, normalized_evidence, contradictions, staging_record_draft, handoff],
        jobs=[stage_packets],
        sensors=[intake_sensor(settings.intake), restage_sensor(settings.findings)],
        executor=dg.in_process_executor,
        resources={
            "packet_tables": PacketTables(folder=str(settings.extractions)),
            "evidence_vault": EvidenceVault(folder=str(settings.vault)),
            "staging": StagingDatabase(home=str(settings.home), url=settings.database_url),
            "reference": Reference(
                registries_folder=str(settings.registries),
                policy_file=str(settings.policy),
                contract_version=settings.contract,
                digest_key_file=str(settings.digest_key),
            ),
            "record_files": RecordFiles(folder=str(settings.records)),
            **resources,
        },
    )


defs = build_defs(Settings.of(os.environ))
