"""Invoices of acme-pay: rounding, tax, totals. The sample service whose release candidate the sample packets describe."""

VERSION = "4.12.0-rc.3"
