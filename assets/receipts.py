"""The sensor for receipts: what the downstream review says of records arrives as files, and starts no run."""

from pathlib import Path

import dagster as dg

from assets.contained import contained
from release_staging.staging.dropped import take_receipts
from resources.reference import Reference
from resources.staging import StagingDatabase


def receipt_sensor(folder: Path) -> dg.SensorDefinition:
    """The sensor that takes receipts from the drop ``folder``."""

    @dg.sensor(
        name="receipts",
        minimum_interval_seconds=30,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Takes receipts that arrive in {folder}: what the downstream review says of a record's usability.",
    )
    def receipts(context: dg.SensorEvaluationContext, staging: StagingDatabase, reference: Reference) -> dg.SkipReason:
        with contained():
            told = list(take_receipts(folder, staging.receipts, reference.policy.disclosure))
        for one in told:
            context.log.info(one)
        return dg.SkipReason(f"{len(told)} receipts looked at" if told else "no receipts")

    return receipts
