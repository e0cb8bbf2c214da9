"""``release-staging finding``: what reviewers say of a hold."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from release_staging.cli.output import FORMAT, json_line, table

if TYPE_CHECKING:
    from release_staging.cli.running import Runner
    from release_staging.review.finding import Finding

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group("finding")
def command() -> None:
    """Record what a reviewer says of a hold, and stage its packet again. A finding is never an approval.

    The kinds are supply, exclude, read, adjudicate, map, boundary, absent, retract and withdraw; docs/REVIEW.md has an example of each.
    """


@command.command("add")
@click.argument("name", metavar="HOLD")
@click.option("--file", "files", type=_FILE, metavar="F", required=True, multiple=True, help="The finding, as JSON or YAML. Repeatable.")
@click.option("--document", type=_FILE, metavar="D", help="The document that the finding supplies.")
@FORMAT
def add(name: str, files: tuple[Path, ...], document: Path | None, form: str) -> None:
    """Record findings on a HOLD (a packet id, or the digest of a hold), and stage the packet again.

    Nothing is recorded twice; of several findings one that is refused leaves the others, and is told. Exit status as for run.
    """
    from release_staging.cli.run import HELD, STAGED
    from release_staging.cli.running import runner
    from release_staging.config.settings import Settings
    from release_staging.packet.source import read_regular
    from release_staging.parsing.limits import LIMITS

    with runner(Settings.of(os.environ)) as found:
        packet = found.found.store.find(name)
        findings = [_of(file, packet.packet_id, found) for file in files]
        for finding in findings:
            found.reviewing.take(finding, (lambda: read_regular(document, LIMITS)) if document and finding.supply else None)
        found.restage()
        latest = found.found.store.latest(packet.packet_id)
        assert latest is not None
        said = {"packet_id": latest.packet_id, "findings": [finding.name for finding in findings]}
        if form == "json":
            json_line({**said, "revision": latest.revision, "outcome": latest.outcome, "contract": latest.contract})
        else:
            kinds = ", ".join(finding.kind for finding in findings)
            click.echo(f"recorded {kinds}; {latest.packet_id} is {latest.outcome} as revision {latest.revision}")
    sys.exit(STAGED if latest.outcome == "staged" else HELD)


def _of(file: Path, packet: str, found: Runner) -> Finding:
    from release_staging.review.finding import parse
    from release_staging.review.words import Refused

    finding = parse(file.read_bytes(), found.reviewing.boundary)
    if finding.packet != packet:
        raise Refused(f"the finding is about packet {finding.packet}, not about {packet}", remedy="name the packet that it is about")
    return finding


@command.command("list")
@click.argument("name", metavar="PACKET")
@FORMAT
def listed(name: str, form: str) -> None:
    """The findings on a packet, those that do not count any more too."""
    from release_staging.cli.deployment import deployment
    from release_staging.review.effects import in_force, listing

    with deployment() as found:
        recorded = found.reviews.findings(found.store.find(name).packet_id)
    now = datetime.now(UTC)
    if form == "json":
        for said in listing(recorded, now):
            json_line(said)
        return
    counting = {one.finding.name for one in in_force(recorded, now)}
    rows = [
        (
            one.finding.name[:19],
            one.finding.kind,
            one.finding.target,
            f"{one.finding.role.value} {one.finding.reviewer}",
            one.finding.reason,
            str(one.finding.revision),
            "yes" if one.finding.name in counting else "no",
        )
        for one in recorded
    ]
    table(f"{len(rows)} findings", ("finding", "kind", "about", "who", "why", "revision", "in force"), rows)


@command.command("proposals")
@FORMAT
def proposals(form: str) -> None:
    """Names that reviewers propose for the registries, with the packets that they were mapped in."""
    from release_staging.cli.deployment import deployment

    with deployment() as found:
        proposed = found.reviews.proposals()
    if form == "json":
        for (registry, name, entry), packets in proposed.items():
            json_line({"registry": registry, "name": name, "id": entry, "packets": packets})
        return
    rows = [(registry, name, entry, ", ".join(packets)) for (registry, name, entry), packets in proposed.items()]
    table(f"{len(rows)} proposals", ("registry", "name", "would be an alias of", "packets"), rows)
