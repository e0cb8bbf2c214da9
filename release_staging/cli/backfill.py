"""``release-staging backfill``: packets are staged again where what they were made from is not so any more."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from release_staging.cli.output import FORMAT, json_line, progress, table
from release_staging.config.settings import Settings

if TYPE_CHECKING:
    from release_staging.staging.outdated import Outdated
    from release_staging.staging.rehearsal import Summary

_AT_ONCE = 100  # packets that are rehearsed together
STAGED, HELD = 0, 3


@click.command("backfill")
@click.argument("names", nargs=-1, metavar="[PACKET]...")
@click.option("--contract", metavar="V", help="Contract version to make records to, instead of the deployment's.")
@click.option("--dry-run", is_flag=True, help="Record nothing: say how many packets would change their outcome, and why.")
@FORMAT
def command(names: tuple[str, ...], contract: str | None, dry_run: bool, form: str) -> None:
    """Stage packets again (all, or those named) whose last revision is out of date: contract, rules, registries, policy or readers.

    What is not out of date is not made again, and what is done is not done again: interrupted, it goes on where it was. Earlier
    revisions stay as they are. Exit status: 0 all staged; 3 some held; 2 bad usage; 1 the machinery failed.
    """
    from release_staging.cli.running import runner
    from release_staging.staging.rehearsal import Rehearsed, summary

    settings = Settings.of(os.environ)
    settings = replace(settings, contract=contract or settings.contract)
    with runner(settings) as found:
        chosen = [found.found.store.find(name).packet_id for name in names] or None
        wanted = found.out_of_date(chosen)
        if dry_run:
            with progress("rehearsing", len(wanted)) as step:
                rehearsed: list[Rehearsed] = []
                for some in _in_parts(wanted):
                    rehearsed += found.rehearsing().rehearse(some)
                    step.advance(len(some))
            _tell_rehearsal(wanted, summary(rehearsed), form)
            return
        with progress("staging again", len(wanted)) as step:
            for batch in found.backfill(wanted):
                step.advance(len(batch))
        outcomes = Counter(one.outcome for one in found.found.store.standing([one.packet for one in wanted]))
        if form == "json":
            json_line({"contract": settings.contract, "packets": len(wanted), **{name: outcomes[name] for name in ("staged", "held")}})
        else:
            click.echo(
                f"{len(wanted)} packets staged again to contract {settings.contract}: {outcomes['staged']} staged, {outcomes['held']} held"
            )
    sys.exit(HELD if outcomes["held"] else STAGED)


def _in_parts(wanted: Sequence[Outdated]) -> Iterator[Sequence[Outdated]]:
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]


def _tell_rehearsal(wanted: Sequence[Outdated], found: Summary, form: str) -> None:
    because = Counter(reason for one in wanted for reason in one.reasons)
    if form == "json":
        json_line(
            {
                "packets": found.packets,
                "out_of_date": dict(sorted(because.items())),
                "outcomes": [{"now": now, "then": then, "packets": count} for (now, then), count in found.changes.items()],
                "newly_held_by": [{"code": code, "subject": subject, "packets": count} for (code, subject), count in found.reasons.items()],
            }
        )
        return
    table(f"{found.packets} packets are out of date", ("reason", "packets"), [(why, str(count)) for why, count in sorted(because.items())])
    if found.packets:
        table("outcomes", ("now", "then", "packets"), [(now, then, str(count)) for (now, then), count in found.changes.items()])
    rows = [(code, subject, str(count)) for (code, subject), count in found.reasons.items()]
    if rows:
        table("what would newly hold them", ("code", "about", "packets"), rows)
