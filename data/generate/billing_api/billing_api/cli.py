"""The command line: totals of an invoice read as JSON."""

import sys

import click
import orjson
import structlog
from pydantic import ValidationError

from billing_api import VERSION
from billing_api.invoice import Invoice
from billing_api.tax import UnknownCountry

log = structlog.wrap_logger(structlog.PrintLogger(sys.stderr), processors=[structlog.processors.KeyValueRenderer()])


@click.group()
@click.version_option(VERSION, prog_name="billing-api")
def main() -> None:
    """Invoices of acme-pay."""


@main.command()
@click.argument("file", type=click.File("rb"))
def total(file: click.utils.LazyFile) -> None:
    """Net, tax and total of the invoice in FILE."""
    try:
        invoice = Invoice.model_validate_json(file.read())
        sums = {"number": invoice.number, "net": str(invoice.net), "tax": str(invoice.tax), "total": str(invoice.total)}
    except (ValidationError, UnknownCountry) as error:
        log.error("invoice refused", reason=type(error).__name__)
        sys.exit(2)
    click.echo(orjson.dumps(sums).decode())
