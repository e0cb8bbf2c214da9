"""``release-staging pack``: a packet from a CI workspace."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from release_staging.cli.boundary import boundary, told
from release_staging.cli.output import FORMAT, json_line, table
from release_staging.disclosure.conceal import Concealment
from release_staging.packet.pack import PackError, PackResult, pack, packet_name


@click.command("pack")
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR")
@click.option("--service", required=True, help="Service that is released.")
@click.option("--version", required=True, help="Version of the candidate.")
@click.option("--environment", "environments", multiple=True, required=True, metavar="E", help="Target environment; once for each.")
@click.option("--level", "levels", multiple=True, metavar="PATTERN=LEVEL", help="Test level of the documents whose path matches.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The packet: .tar.gz, or else a folder.  [default: SERVICE-VERSION.tar.gz]",
)
@FORMAT
def command(
    directory: Path, service: str, version: str, environments: tuple[str, ...], levels: tuple[str, ...], out: Path | None, form: str
) -> None:
    """Make a packet of the evidence in DIR: recognise the documents, digest them, bind them to the CI run this runs in.

    \b
    release-staging pack evidence --service billing-api --version 4.12.0-rc.3 \\
        --environment production-eu --level 'unit/*=unit' --out packet.tar.gz
    """
    out = out or Path(f"{packet_name(service, version)}.tar.gz")
    try:
        made = pack(directory, service, version, environments, out, dict(map(_level, levels)), os.environ, datetime.now(UTC), boundary())
    except PackError as error:
        raise click.UsageError(told(error)) from None
    said = Concealment(boundary()).tree(_as_json(made))
    if form == "json":
        json_line(said)
        return
    rows = [(one["path"], one["source"] or "-", one["format"] or "-", one["level"] or "", one["note"] or "") for one in said["documents"]]
    table(f"{said['path']}: {said['packet_id']}", ("document", "source", "format", "level", "note"), rows)
    if said["left_out"]:
        table("left out", ("file", "why"), [(one["path"], one["reason"]) for one in said["left_out"]])
    click.echo(f"bound to run {said['run']}" if said["run"] is not None else "bound to no CI run: this is none", err=True)


def _level(text: str) -> tuple[str, str]:
    pattern, equals, level = text.rpartition("=")
    if not equals:
        raise click.UsageError(f"--level {text!r} is not PATTERN=LEVEL")
    return pattern, level


def _as_json(made: PackResult) -> dict[str, object]:
    return {
        "packet_id": made.packet_id,
        "digest": made.digest,
        "path": str(made.path),
        "documents": [
            {"path": one.path, "source": one.source, "format": one.format, "level": one.level, "note": one.note} for one in made.documents
        ],
        "left_out": [{"path": path, "reason": reason} for path, reason in made.left_out],
        "run": made.run.id if made.run is not None else None,
    }
