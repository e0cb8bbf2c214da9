"""``release-staging show``: a record or hold."""

from __future__ import annotations

import click
from rich.markdown import Markdown

from release_staging.cli.deployment import Deployment, deployment
from release_staging.cli.history import markdown as how_it_came
from release_staging.cli.output import console
from release_staging.model.gathered import Tables
from release_staging.parsing import json
from release_staging.record import contract
from release_staging.record.canonical import canonical
from release_staging.record.rendering import markdown
from release_staging.record.statement import statement
from release_staging.staging.entries import Revision
from release_staging.staging.errors import StagingError
from release_staging.staging.history import history
from resources.packet_tables import PacketTables


@click.command("show")
@click.argument("name", metavar="ID")
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "json", "in-toto"]),
    default="markdown",
    show_default=True,
    help="json: canonical; in-toto: as an unsigned Statement.",
)
@click.option("--contract", "version", metavar="V", help="The last revision that was made to this contract version.")
def command(name: str, form: str, version: str | None) -> None:
    """Show the latest record or hold of a packet, or the one with a digest; and what changed since what stood before it.

    ID is a packet id or its beginning, a declared id, or a sha256:... digest of a record.
    """
    with deployment() as found:
        revision = found.store.find(name)
        if version is not None:
            revision = _made_to(version, revision, found)
        tables = PacketTables(folder=str(found.settings.extractions))
        past = history(found.store, revision, lambda packet: _normalised(packet, tables)) if form == "markdown" else None
    if form == "json":
        click.echo(revision.body)
        return
    document = json.parse(revision.body.encode())
    if form == "in-toto":
        if revision.outcome != "staged":
            raise click.UsageError(f"{name} is held; only a staging record can be written as a Statement")
        click.echo(canonical(statement(document)).decode())
        return
    text = markdown(document, revision.outcome, contract.load(revision.contract, found.settings.contracts))
    if past is not None:
        text += how_it_came(past)
    out = console()
    out.print(Markdown(text)) if out.is_terminal else click.echo(text, nl=False)


def _made_to(version: str, latest: Revision, found: Deployment) -> Revision:
    """A record is never converted: it is shown as it was made, or made anew."""
    made = [head.revision for head in found.store.history(latest.packet_id) if head.contract == version]
    revision = found.store.revision(latest.packet_id, made[-1]) if made else None
    if revision is None:
        raise StagingError(
            f"packet {latest.packet_id} was never staged to contract {version}; its last revision is to {latest.contract}",
            remedy=f"stage it to that version: release-staging backfill {latest.packet_id} --contract {version}",
        )
    return revision


def _normalised(packet: str, tables: PacketTables) -> Tables | None:
    return tables.load("normalized_evidence", packet) if tables.has("normalized_evidence", packet) else None
