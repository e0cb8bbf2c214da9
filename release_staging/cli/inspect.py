"""``release-staging inspect``: what single documents are and say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from rich.markup import escape

from release_staging.cli.boundary import boundary, told
from release_staging.cli.output import FORMAT, console, json_line, printable, table
from release_staging.config.disclosure import RECORD
from release_staging.disclosure.conceal import Concealment
from release_staging.disclosure.scan import search
from release_staging.evidence.inspection import inspect

_MOST_SHAPES = 40


@click.command("inspect")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE...")
@FORMAT
def command(files: tuple[Path, ...], form: str) -> None:
    """What each FILE is, what it claims and where, what of it was not understood, and what lies beyond the disclosure boundary.

    \b
    release-staging inspect sbom.cdx.json
    release-staging inspect --format json reports/*.xml | jq .format
    """
    for file in files:
        said, not_understood = _inspected(file)
        if form == "json":
            json_line(said)
        else:
            _show(said, not_understood)


def _inspected(file: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What ``inspect`` says of a file, and the shapes of what was not understood; found secrets withheld from both."""
    data = file.read_bytes()
    found = inspect(str(file), data)
    said, losses = found.as_json(), found.extraction.tables.get("losses") if found.extraction is not None else None
    shapes = (
        [{"path": row["path"], "elements": row["not_understood"]} for row in losses.to_pylist() if row["not_understood"]] if losses else []
    )
    disclosures, finds = search(data, boundary(), said["source"])
    concealment = Concealment(boundary(), RECORD)
    concealment.add(finds)
    told_problems = [
        {"code": one.code.value, "subject": None, "message": one.what, "expected": None, "found": None, "locator": one.locator}
        for one in disclosures
    ]
    said, shapes = concealment.tree([{**said, "path": told(said["path"])}, shapes[:_MOST_SHAPES]])
    return {**said, "problems": [*said["problems"], *told_problems]}, shapes


def _show(said: dict[str, Any], not_understood: list[dict[str, Any]]) -> None:
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
    if not_understood:
        table("not understood", ("path", "elements"), ((row["path"], str(row["elements"])) for row in not_understood))
    for problem in said["problems"]:
        where = f" at {problem['locator']}" if problem["code"].startswith("DISCLOSURE") and problem["locator"] else ""
        out.print(f"{problem['code']}: {escape(printable(problem['message'] + where))}")
    out.print()
