"""How the deployment does, once an hour: the exception queue and the quality of the intake, as numbers that the UI plots over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from assets.contained import contained
from assets.metadata import escaped, table
from assets.packets import PLATFORM
from release_staging.operations.health import Health, health
from release_staging.operations.quality import Completeness, Quality, completeness, quality
from release_staging.operations.queue import queue, span
from release_staging.parsing import json
from release_staging.record import contract
from release_staging.staging.resolving import Resolving
from release_staging.staging.statistics import Sampled
from resources.reference import Reference
from resources.staging import EvidenceVault, StagingDatabase

GROUP = "operations"
_MOST_BYTES = 256 * 2**20  # of packets whose values are led back in one run

within_policy = dg.AssetCheckSpec(
    "holds_within_policy",
    asset="queue_health",
    description="Has every open hold been waiting for no longer than policy allows each role that is asked?",
)


@dg.asset(
    group_name=GROUP,
    kinds={"postgres"},
    owners=[f"team:{PLATFORM}"],
    check_specs=[within_policy],
    description="The open holds by code, role and age: a hold is closed by a staged revision, by withdrawal, or by a newer packet.",
)
def queue_health(staging: StagingDatabase, reference: Reference) -> Iterator[Any]:
    now = datetime.now(UTC)
    with contained():
        holds = staging.store.holds()
        waiting = queue(holds, staging.store.held_since(hold.packet_id for hold in holds))
        found = health(waiting, reference.policy.queue.overdue_after.by_role, now)
    overdue = _overdue(found)
    yield dg.MaterializeResult(
        metadata={
            "open_holds": found.holds,
            "overdue_holds": found.overdue_holds,
            "oldest_hours": _hours(found.oldest),
            **{f"holds_for_{role.value}": count for role, count in found.by_role.items()},
            **{f"holds_{code.value}": count for code, count in found.by_code.items()},
            "by_code": _counted("code", {code.value: count for code, count in found.by_code.items() if count}),
            "by_role": _counted("role", {role.value: count for role, count in found.by_role.items()}),
            "by_age": _counted("age", found.by_age),
            "overdue": overdue,
            "queue": "release-staging holds",
        },
    )
    yield dg.AssetCheckResult(
        check_name=within_policy.name,
        passed=not found.overdue,
        severity=dg.AssetCheckSeverity.WARN,
        description=_told(found),
        metadata={"overdue_holds": found.overdue_holds, "overdue": overdue},
    )


def _told(found: Health) -> str:
    if not found.overdue:
        return "yes"
    told = [f"{one.packet} waits {span(one.age)} for the {one.role.value.replace('_', ' ')}" for one in found.overdue[:5]]
    return "; ".join(told) + (f"; and {len(found.overdue) - 5} more" if len(found.overdue) > 5 else "")


def _overdue(found: Health) -> dg.TableMetadataValue:
    rows = [
        {"packet": one.packet, "role": one.role.value, "hours": _hours(one.age), "codes": ", ".join(one.codes)} for one in found.overdue
    ]
    return table(rows, {"packet": "string", "role": "string", "hours": "float", "codes": "string"})


@dg.asset(
    group_name=GROUP,
    kinds={"postgres"},
    owners=[f"team:{PLATFORM}"],
    description="How good what comes in is, and what becomes of it: records that were usable as they were (from receipts), what holds "
    "packets, how soon they are staged then, values that lead back to their sources (of a sample), formats that are not as expected.",
)
def intake_quality(staging: StagingDatabase, evidence_vault: EvidenceVault, reference: Reference) -> dg.MaterializeResult[Any]:
    now, asked = datetime.now(UTC), reference.policy.queue.quality
    since = now - asked.over
    with contained():
        known = staging.statistics
        sample = _led_back(known.sample(since, asked.sample, f"{now:%Y%m%d%H}"), Resolving(evidence_vault.vault.get))
        found = quality(known.taken(since), known.told(since), known.received(since), sample)
    return dg.MaterializeResult(metadata={"days": asked.over / timedelta(days=1), **_numbers(found), **_tables(found)})


def _led_back(sample: Iterable[Sampled], resolving: Resolving) -> list[Completeness]:
    found: list[Completeness] = []
    size = 0
    for one in sample:
        size += one.size
        if found and size > _MOST_BYTES:
            break
        found.append(completeness(contract.load(one.contract), json.parse(one.body.encode()), resolving))
    return found


def _numbers(found: Quality) -> dict[str, Any]:
    staged_in = sum(found.until_staged.values())
    rates = {
        "usable_as_it_was_percent": (found.as_it_was, found.with_receipt),
        "records_with_receipt_percent": (found.with_receipt, found.records),
        "staged_at_once_percent": (found.staged_at_once, found.staged + found.held),
        "fields_led_back_percent": (found.traced, found.filled),
        "format_problems_percent": (found.with_form_problems, found.staged + found.held),
    }
    return {
        "packets": found.packets,
        "staged": found.staged,
        "held": found.held,
        "staged_at_once": found.staged_at_once,
        "restaged": found.restaged,
        "records": found.records,
        "records_with_receipt": found.with_receipt,
        "usable_as_it_was": found.as_it_was,
        "not_usable": found.not_usable,
        "records_sampled": found.sampled,
        "consequential_fields": found.filled,
        "consequential_fields_led_back": found.traced,
        "packets_with_format_problems": found.with_form_problems,
        **{name: round(100 * part / whole, 1) for name, (part, whole) in rates.items() if whole},
        **({"mean_revisions_until_staged": sum(n * count for n, count in found.until_staged.items()) / staged_in} if staged_in else {}),
    }


def _tables(found: Quality) -> dict[str, dg.TableMetadataValue]:
    contracts = [{"contract": name, "outcome": outcome, "packets": count} for (name, outcome), count in sorted(found.contracts.items())]
    form = [{"code": code, "packets": having, "held": held} for code, (having, held) in found.form.items()]
    fields = [{"field": escaped(field), "reconstructed": again, "missing": missing} for field, again, missing in found.fields]
    return {
        "held_by_code": _counted("code", dict(sorted(found.held_by_code.items(), key=lambda one: (-one[1], one[0])))),
        "revisions_until_staged": _counted("revisions", {str(n): count for n, count in sorted(found.until_staged.items())}),
        "by_contract": table(contracts, {"contract": "string", "outcome": "string", "packets": "int"}),
        "format_problems": table(form, {"code": "string", "packets": "int", "held": "int"}),
        "fields_not_taken": table(fields, {"field": "string", "reconstructed": "int", "missing": "int"}),
    }


def _counted(what: str, counts: Mapping[str, int]) -> dg.TableMetadataValue:
    return table([{what: name, "packets": count} for name, count in counts.items()], {what: "string", "packets": "int"})


def _hours(age: timedelta) -> float:
    return round(age / timedelta(hours=1), 1)
