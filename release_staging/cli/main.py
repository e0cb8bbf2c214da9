"""The command line. Each command is one module; it is imported when it is called, so that ``--help`` is quick."""

from __future__ import annotations

import sys
from importlib import import_module

import click

# Command -> (module, what it does). The order is that of a packet's life.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("demo", "Stage the sample packets on embedded storage, and show what came out."),
    "up": ("up", "The local deployment: PostgreSQL, Dagster UI and daemon with the sensor on."),
    "pack": ("pack", "Make a packet from a CI workspace."),
    "submit": ("submit", "Put packets into the intake."),
    "run": ("run", "Process packets now, through the same Dagster job."),
    "show": ("show", "Show a record or hold."),
    "holds": ("holds", "The exception queue."),
    "finding": ("finding", "What reviewers say of a hold; it stages the packet again."),
    "desk": ("desk", "Serve holds over HTTP, and take findings in."),
    "backfill": ("backfill", "Stage again what is out of date."),
    "receipt": ("receipt", "What the downstream review says of a record's usability."),
    "archive": ("archive", "Archive the packets that rest for longer than policy says."),
    "restore": ("restore", "Bring an archived packet back."),
    "inspect": ("inspect", "What a single document is and says."),
    "verify": ("verify", "Lead every value of a record back to its source."),
    "contracts": ("contracts", "Contract versions, and what differs between two."),
    "formats": ("formats", "What is read."),
    "rules": ("rules", "What is checked."),
    "evaluate": ("evaluate", "Labelled packets, and how often what comes out is right."),
}

STAGED, MACHINERY, USAGE, HELD = 0, 1, 2, 3


class Lazy(click.Group):
    """Loads a command's module when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"release_staging.cli.{COMMANDS[cmd_name][0]}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, says) for name, (_, says) in COMMANDS.items()])


@click.command(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="release-staging")
def cli() -> None:
    """Turns a release candidate's evidence packet into one staging record in which every value leads to its source, or into
    an exception hold that says what a person must look at. There it stops: it approves nothing.

    \b
    Start with:
      release-staging demo                      stage the sample packets
      release-staging show billing-api          look at one
      release-staging inspect FILE              what a document of yours is and says

    Exit status: 0 everything staged; 3 some packets are held; 2 bad usage or configuration; 1 the machinery failed.
    """


def main() -> None:
    """Runs the command line; whatever goes wrong is one line on standard error."""
    from release_staging.config.load import ConfigurationError
    from release_staging.record.contract import ContractError
    from release_staging.review.words import Refused
    from release_staging.staging.errors import StagingError

    try:
        sys.exit(cli.main(prog_name="release-staging", standalone_mode=False) or STAGED)
    except click.ClickException as error:
        error.show()
        sys.exit(USAGE)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("stopped", err=True)
        sys.exit(MACHINERY)
    except (ConfigurationError, ContractError, Refused) as error:
        _tell(str(error))
        sys.exit(USAGE)
    except StagingError as error:
        _tell(str(error))
        sys.exit(MACHINERY)
    except BrokenPipeError:
        sys.exit(MACHINERY)
    except Exception as error:  # the last resort: a traceback is a defect, a silent exit a worse one
        _tell(f"{type(error).__name__}: {error}")
        if "--debug" in sys.argv:
            raise
        sys.exit(MACHINERY)


def _tell(what: str) -> None:
    """One line on standard error: what libraries say may have several."""
    from release_staging.cli.boundary import told

    click.echo(f"release-staging: {told(' '.join(what.split()))}", err=True)
