"""``release-staging rules``: what is checked."""

from __future__ import annotations

import click

from release_staging.cli.output import FORMAT, json_line, table
from release_staging.record.rules.rule import rules


@click.command("rules")
@FORMAT
def command(form: str) -> None:
    """The rules, with what each looks at, what to do, and who is asked. Policy may change what blocks."""
    if form == "json":
        for one in rules():
            json_line(
                {
                    "rule": one.name,
                    "code": one.code.value,
                    "title": one.title,
                    "looks_at": one.looks_at,
                    "remedy": one.remedy,
                    "owner": one.owner.value,
                    "blocking": one.blocking,
                    "revision": one.revision,
                }
            )
        return
    rows = [(one.code.value, one.title, one.remedy, one.owner.value, "yes" if one.blocking else "no") for one in rules()]
    table(f"{len(rows)} rules", ("code", "what it finds", "what to do", "who", "holds"), rows)
