"""``release-staging show``: a record or hold."""

from __future__ import annotations

import click
from rich.markdown import Markdown

from release_staging.cli.deployment import deployment
from release_staging.cli.output import console
from release_staging.parsing import json
from release_staging.record import contract
from release_staging.record.canonical import canonical
from release_staging.record.rendering import markdown
from release_staging.record.statement import statement


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
def command(name: str, form: str) -> None:
    """Show the latest record or hold of a packet, or the one with a digest.

    ID is a packet id or its beginning, a declared id, or a sha256:... digest of a record.
    """
    with deployment() as found:
        revision = found.store.find(name)
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
    out = console()
    out.print(Markdown(text)) if out.is_terminal else click.echo(text, nl=False)
