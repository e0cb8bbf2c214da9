"""``release-staging receipt``: what the downstream review says of a record's usability."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from release_staging.cli.output import FORMAT, json_line, table

if TYPE_CHECKING:
    from release_staging.cli.deployment import Deployment
    from release_staging.staging.entries import Revision


@click.command("receipt")
@click.argument("record")
@click.option(
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="F",
    help="The receipt, as JSON or YAML. Without it, the receipts that RECORD's packet has are listed.",
)
@FORMAT
def command(record: str, file: Path | None, form: str) -> None:
    """Record what a downstream review could do with RECORD (a packet id, or the digest of a record), field by field.

    A receipt is about the record, never about the release. The same one twice is one. docs/REVIEW.md has an example.
    """
    from release_staging.cli.deployment import deployment

    with deployment() as found:
        revision = found.store.find(record)
        if file is None:
            _list(revision.packet_id, found, form)
        else:
            _add(revision, file, found, form)


def _add(revision: Revision, file: Path, found: Deployment, form: str) -> None:
    from release_staging.cli.boundary import boundary
    from release_staging.parsing import json
    from release_staging.review.receipt import parse
    from release_staging.review.words import Refused

    receipt = parse(file.read_bytes(), boundary(found.settings))
    if receipt.record not in (revision.document_digest, json.parse(revision.body.encode()).get("record_id")):
        raise Refused(
            f"the receipt is about {receipt.record}, not about revision {revision.revision} of packet {revision.packet_id}",
            remedy="name the record that it is about",
        )
    new = found.receipts.record(receipt)
    if form == "json":
        said = {"packet_id": revision.packet_id, "revision": revision.revision, "record": receipt.record, "receipt": receipt.name}
        json_line({**said, "usable": receipt.usable, "new": new})
    else:
        told = "recorded" if new else "recorded before"
        click.echo(f"{told}: revision {revision.revision} of {revision.packet_id} is {receipt.usable} ({receipt.name})")


def _list(packet_id: str, found: Deployment, form: str) -> None:
    received = found.receipts.receipts(packet_id)
    if form == "json":
        for one in received:
            said = one.receipt.model_dump(mode="json", exclude_none=True)
            at = {"packet_id": one.packet_id, "revision": one.revision, "recorded_at": one.at.isoformat()}
            json_line({"name": one.receipt.name, **at, **said})
        return
    rows = [
        (
            one.receipt.name[:19],
            str(one.revision),
            f"{one.receipt.by.kind} {one.receipt.by.name}",
            one.receipt.usable,
            ", ".join(f"{used.field} {used.use}" for used in one.receipt.fields if used.use != "taken"),
            one.receipt.note or "",
        )
        for one in received
    ]
    table(f"{len(rows)} receipts", ("receipt", "revision", "who", "usable", "fields not taken", "note"), rows)
