"""``release-staging contracts``: contract versions, and what differs between two."""

from __future__ import annotations

import os
from dataclasses import asdict

import click

from release_staging.cli.output import FORMAT, json_line, table
from release_staging.config.settings import Settings
from release_staging.record import contract
from release_staging.record.contract_diff import Change, bump, differences


@click.group("contracts", invoke_without_command=True)
@FORMAT
@click.pass_context
def command(ctx: click.Context, form: str) -> None:
    """The versions of the contract that records are made to."""
    if ctx.invoked_subcommand is not None:
        return
    folder = Settings.of(os.environ).contracts
    found = [contract.load(version, folder) for version in contract.versions(folder)]
    if form == "json":
        for one in found:
            json_line({"contract": one.version, "fields": len(one.slots), "required": sum(slot.required for slot in one.slots)})
        return
    rows = [(one.version, str(len(one.slots)), str(sum(slot.required for slot in one.slots)), one.schema.get("title", "")) for one in found]
    table("contracts", ("version", "fields", "required", "title"), rows)


@command.command("diff")
@click.argument("before")
@click.argument("after")
@FORMAT
def diff(before: str, after: str, form: str) -> None:
    """What changed from contract BEFORE to contract AFTER, and for whom that is a break.

    A change breaks readers where what they read is gone or may be what it never was; it breaks packets where more is asked of them.
    """
    folder = Settings.of(os.environ).contracts
    changes = differences(contract.load(before, folder), contract.load(after, folder))
    if form == "json":
        json_line({"before": before, "after": after, "bump": bump(changes), "changes": [asdict(one) for one in changes]})
        return
    rows = [(one.field, one.change, _breaks(one)) for one in changes]
    table(f"{before} -> {after}: a {bump(changes)} version", ("field", "change", "breaks"), rows)


def _breaks(change: Change) -> str:
    broken = {"readers": change.breaks_readers, "packets": change.breaks_packets}
    return " and ".join(who for who, breaks in broken.items() if breaks)
