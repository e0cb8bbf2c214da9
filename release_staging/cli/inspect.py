"""``release-staging inspect``: what single documents are and say."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from release_staging.cli.output import FORMAT, console, json_line, printable, table
from release_staging.evidence.inspection import Inspection, inspect


@click.command("inspect")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE...")
@FORMAT
def command(files: tuple[Path, ...], form: str) -> None:
    """What each FILE is, what it claims and where, and what of it was not understood.

    \b
    release-staging inspect sbom.cdx.json
    release-staging inspect --format json reports/*.xml | jq .format
    """
    for file in files:
        found = inspect(str(file), file.read_bytes())
        if form == "json":
            json_line(found.as_json())
        else:
            _show(found)


def _show(found: Inspection) -> None:
    said = found.as_json()
    out = console()
    out.print(
        f"[bold]{escape(printable(said['path']))}[/bold]: {escape(said['format'] or 'not recognised')}"
        + (f" ({said['source']})" if said["source"] else "")
    )
    if said["claims"]:
        table("claims", ("field", "value", "locator"), ((claim["field"], claim["value"], claim["locator"]) for claim in said["claims"]))
    if said["rows"]:
        out.print("rows: " + ", ".join(f"{name} {count}" for name, count in said["rows"].items()))
    out.print("elements: " + ", ".join(f"{kind.replace('_', ' ')} {count}" for kind, count in said["loss"].items()))
    if found.extraction is not None and said["loss"]["not_understood"]:
        losses = [row for row in found.extraction.tables["losses"].to_pylist() if row["not_understood"]]
        table("not understood", ("path", "elements"), ((row["path"], str(row["not_understood"])) for row in losses[:40]))
    for problem in said["problems"]:
        out.print(f"{problem['code']}: {escape(printable(problem['message']))}")
    out.print()
