"""``release-staging verify``: leading every value of a record back to its source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from release_staging.cli.deployment import Deployment, deployment
from release_staging.cli.output import FORMAT, json_line
from release_staging.parsing import json
from release_staging.parsing.limits import Unreadable
from release_staging.record import contract
from release_staging.record.handoff import record_id
from release_staging.record.traceability import untraced
from release_staging.staging.resolving import Resolving


@click.command("verify")
@click.argument("record")
@FORMAT
def command(record: str, form: str) -> None:
    """Re-open every document of RECORD (a file, packet id or digest), re-resolve every locator, compare with what stands there."""
    with deployment() as found:
        document, held = _document(record, found)
        troubles, places = _archived(document, found) or _verified(document, held, found)
    if form == "json":
        json_line({"record_id": document["record_id"], "verified": not troubles, "places": places, "troubles": troubles})
    else:
        click.echo("\n".join(troubles) or f"{document['record_id']}: {places} places lead to what the record says")
    sys.exit(1 if troubles else 0)


def _archived(document: dict[str, Any], found: Deployment) -> tuple[list[str], int] | None:
    """That there is nothing to look places up in, where the packet is archived."""
    packet = document["packet"].get("id", "") if isinstance(document.get("packet"), dict) else ""
    since = found.archived.since(packet) if isinstance(packet, str) else None
    if since is None:
        return None
    return [f"the evidence of {packet} is archived since {since:%Y-%m-%d}; bring it back with release-staging restore {packet}"], 0


def _verified(document: dict[str, Any], held: bool, found: Deployment) -> tuple[list[str], int]:
    """What is wrong with the document, and how many places it names. Places are looked up in what keeps to its contract only."""
    made_to = contract.load(document["contract"], found.settings.contracts)
    troubles = made_to.errors(document, hold=held)
    if troubles:
        return troubles, 0
    troubles = [f"{pointer}: {why}" for pointer, why, _ in untraced(made_to, document, Resolving(found.vault.get))]
    if record_id(document) != document["record_id"]:
        troubles.append("record_id: the document was changed after it was handed off")
    return troubles, sum(len(entry["evidence"]) for entry in document["field_provenance"].values())


def _document(record: str, found: Deployment) -> tuple[dict[str, Any], bool]:
    """The document, and whether it is a hold."""
    if not Path(record).is_file():
        revision = found.store.find(record)
        return json.parse(revision.body.encode()), revision.outcome == "held"
    try:
        document = json.parse(Path(record).read_bytes())
    except Unreadable as error:
        raise click.UsageError(f"{record}: {error}") from None
    if not isinstance(document, dict) or not isinstance(document.get("contract"), str) or "record_id" not in document:
        raise click.UsageError(f"{record} is not a staging record or hold")
    exceptions = document.get("exceptions")
    return document, isinstance(exceptions, list) and any(isinstance(one, dict) and one.get("blocking") for one in exceptions)
