"""``release-staging archive``: what rests long enough goes from the vault into one file a packet."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime

import click

from release_staging.cli.output import FORMAT, json_line


@click.command("archive")
@click.option("--dry-run", is_flag=True, help="Only list what would be archived.")
@FORMAT
def command(dry_run: bool, form: str) -> None:
    """Archive the packets that rest for longer than policy says (`retention`): staged, withdrawn and superseded ones.

    Records, holds, findings and receipts stay; evidence that no other packet refers to, extractions and the partition go.
    """
    from assets.retention import InstancePartitions, instants
    from release_staging.cli.deployment import deployment
    from release_staging.config.policy import Policy
    from release_staging.config.settings import Settings
    from release_staging.staging.postgres import databases
    from release_staging.staging.retention import Retention
    from resources.instance import instance

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    settings = Settings.of(os.environ)
    before, open_before = instants(Policy.load(settings.policy).retention, datetime.now(UTC))
    failed = 0
    with deployment(settings) as found:
        if dry_run:
            for due in found.archived.due(before, open_before):
                _tell(form, due.packet, "would be archived", since=due.since.isoformat(), bytes=due.size)
            return
        with databases(settings.home) as urls, instance(settings.home, urls.dagster) as opened:
            made = Retention(found.vault, found.archived, settings.archive, settings.extractions, InstancePartitions(opened))
            for packet, error in made.archive(before, open_before):
                failed += error is not None
                _tell(form, packet, "archived" if error is None else f"not archived: {error}")
    sys.exit(1 if failed else 0)


def _tell(form: str, packet: str, what: str, **more: object) -> None:
    from release_staging.cli.boundary import told

    if form == "json":
        json_line({"packet_id": packet, "result": told(what), **more})
    else:
        click.echo(told(f"{packet}: {what}"))
