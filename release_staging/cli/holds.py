"""``release-staging holds``: the exception queue."""

from __future__ import annotations

import click

from release_staging.cli.deployment import deployment
from release_staging.cli.output import FORMAT, json_line, table
from release_staging.model.exceptions import Role


@click.command("holds")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Only what this role is asked to look at.")
@FORMAT
def command(role: str | None, form: str) -> None:
    """Packets whose latest revision is held, oldest first, with the reasons that hold them."""
    with deployment() as found:
        heads = found.store.holds(Role(role) if role else None)
    rows = []
    for head in heads:
        reasons = [one for one in head.exceptions if one.blocking and (role is None or one.owner.value == role)]
        if form == "json":
            json_line(
                {
                    "packet_id": head.packet_id,
                    "revision": head.revision,
                    "since": head.created_at.isoformat(),
                    "contract": head.contract,
                    "exceptions": [
                        {"code": one.code.value, "subject": one.subject, "message": one.message, "owner": one.owner.value}
                        for one in reasons
                    ],
                }
            )
        else:
            rows += [(head.packet_id, one.code.value, one.subject, one.message, one.owner.value) for one in reasons]
    if form == "text":
        table(f"{len(heads)} holds", ("packet", "code", "subject", "why", "who"), rows)
