"""``release-staging desk``: the HTTP interface for reviewers, until it is interrupted."""

from __future__ import annotations

import os

import click

HOST = "127.0.0.1"  # nothing of this listens beyond this machine
PORT = 3001


@click.command("desk")
@click.option("--port", default=PORT, show_default=True, help="Port of the desk.")
def command(port: int) -> None:
    """Serve holds over HTTP, and take findings and receipts in, for a deployment that is up. docs/REVIEW.md says how to ask.

    It listens on loopback alone and knows no users, like the Dagster UI: who may reach it is for the machine to say.
    """
    import uvicorn

    from release_staging.cli.deployment import deployment
    from release_staging.config.policy import Policy
    from release_staging.config.registries import Registries
    from release_staging.config.settings import Settings
    from release_staging.desk.api import Desk, application
    from release_staging.staging.keys import digest_key

    settings = Settings.of(os.environ)
    with deployment(settings) as found:
        policy = Policy.load(settings.policy, digest_key(settings.digest_key))
        registries = Registries.load(settings.registries)
        desk = application(Desk(found.store, found.reviewing(registries, policy), found.receipts, policy))
        config = uvicorn.Config(desk, HOST, port, log_level="warning", access_log=False, server_header=False, limit_concurrency=64)
        click.echo(f"http://{HOST}:{port}/api/holds")
        uvicorn.Server(config).run()
