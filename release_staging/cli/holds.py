"""``release-staging holds``: the exception queue."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

import click

from release_staging.cli.deployment import deployment
from release_staging.cli.output import FORMAT, json_line, printable, short
from release_staging.config.policy import Policy
from release_staging.model.exceptions import Role
from release_staging.operations.queue import Waiting, described, queue, span

_MOST_REASONS = 5  # told of one hold to one role; ``show`` has them all


@click.command("holds")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Only what this role is asked to look at.")
@FORMAT
def command(role: str | None, form: str) -> None:
    """Packets that are held, longest waiting first: since when, why, whose they are, and what to do.

    A packet leaves the queue when a later revision of it is staged, when it is withdrawn, or when a newer packet of its candidate
    supersedes it.
    """
    asked = Role(role) if role else None
    with deployment() as found:
        holds = found.store.holds(asked)
        waiting = queue(holds, found.store.held_since(hold.packet_id for hold in holds))
        allowed = Policy.load(found.settings.policy).queue.overdue_after.by_role
    now = datetime.now(UTC)
    if form == "json":
        for one in waiting:
            json_line({**described(one, asked, allowed, now), "next": _next(one)})
        return
    whose = f" for the {asked.value.replace('_', ' ')}" if asked else ""
    click.echo(f"{len(waiting)} open {'hold' if len(waiting) == 1 else 'holds'}{whose}" + (", longest waiting first" if waiting else ""))
    for one in waiting:
        click.echo(printable("\n".join(_lines(one, asked, now, one.overdue(allowed, now)))))


def _lines(one: Waiting, role: Role | None, now: datetime, overdue: Collection[Role]) -> Iterator[str]:
    yield ""
    yield f"{one.packet}  held for {span(now - one.since)}, revision {one.hold.revision}"
    for asked, reasons in one.reasons(role).items():
        yield f"  {asked.value.replace('_', ' ')}{' (overdue)' if asked in overdue else ''}:"
        for said in reasons[:_MOST_REASONS]:
            yield f"    {said.code.value} {short(said.subject)}: {short(said.message)}"
            yield f"      What to do: {short(said.remedy)}"
        if len(reasons) > _MOST_REASONS:
            yield f"    and {len(reasons) - _MOST_REASONS} more"
    others = [asked.value.replace("_", " ") for asked in one.reasons() if role not in (None, asked)]
    if others:
        yield f"  also asked: {', '.join(others)}"
    yield f"  next: {_next(one)}"


def _next(one: Waiting) -> str:
    return f"release-staging show {one.packet}"
