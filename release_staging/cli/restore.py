"""``release-staging restore``: an archived packet comes back."""

from __future__ import annotations

import logging
import os

import click


@click.command("restore")
@click.argument("name", metavar="PACKET")
def command(name: str) -> None:
    """Bring an archived PACKET back: its evidence into the vault, its extractions, its partition; every byte compared with its digest."""
    from assets.retention import InstancePartitions
    from release_staging.cli.deployment import deployment
    from release_staging.config.settings import Settings
    from release_staging.staging.postgres import databases
    from release_staging.staging.retention import Retention
    from resources.instance import instance

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    settings = Settings.of(os.environ)
    with deployment(settings) as found, databases(settings.home) as urls, instance(settings.home, urls.dagster) as opened:
        packet = found.store.find(name).packet_id
        made = Retention(found.vault, found.archived, settings.archive, settings.extractions, InstancePartitions(opened))
        documents = made.restore(packet)
    click.echo(f"{packet} is restored, with {documents} documents")
