"""``release-staging contracts``: contract versions, and what differs between two."""

from __future__ import annotations

import click

from release_staging.cli.output import FORMAT, json_line, table
from release_staging.record import contract
from release_staging.record.contract import Contract, Slot


@click.group("contracts", invoke_without_command=True)
@FORMAT
@click.pass_context
def command(ctx: click.Context, form: str) -> None:
    """The versions of the contract that records are made to."""
    if ctx.invoked_subcommand is not None:
        return
    found = [contract.load(version) for version in contract.versions()]
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
    """What changed from contract BEFORE to contract AFTER, and whether that breaks a reader of records."""
    changes = _changes(contract.load(before), contract.load(after))
    if form == "json":
        json_line({"before": before, "after": after, "changes": changes})
        return
    table(f"{before} -> {after}", ("field", "change"), ((one["field"], one["change"]) for one in changes))


def _changes(before: Contract, after: Contract) -> list[dict[str, str]]:
    old, new = ({slot.name: slot for slot in one.slots} for one in (before, after))
    found = [{"field": name, "change": "removed"} for name in sorted(old.keys() - new.keys())]
    found += [
        {"field": name, "change": "added, required" if new[name].required else "added, optional"}
        for name in sorted(new.keys() - old.keys())
    ]
    for name in sorted(old.keys() & new.keys()):
        found += [{"field": name, "change": change} for change in _differences(old[name], new[name])]
    return found


def _differences(old: Slot, new: Slot) -> list[str]:
    found = []
    if old.required != new.required:
        found.append("now required" if new.required else "no longer required")
    if old.schema.get("type") != new.schema.get("type"):
        found.append(f"type {old.schema.get('type')} -> {new.schema.get('type')}")
    if (old.how, old.what) != (new.how, new.what):
        found.append(f"filled by {new.what} instead of {old.what}")
    return found
