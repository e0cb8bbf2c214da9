"""Value added tax by country of supply. A business in another country accounts for the tax itself (reverse charge)."""

from decimal import Decimal

from billing_api.rounding import to_cents

HOME = "DE"
RATES = {"AT": Decimal("0.20"), "DE": Decimal("0.19"), "FR": Decimal("0.20"), "NL": Decimal("0.21")}


class UnknownCountry(ValueError):
    """No rate is known for the country."""


def tax_on(net: Decimal, country: str, *, business: bool = False) -> Decimal:
    """Tax on ``net``, in whole cents. Raises UnknownCountry."""
    if country not in RATES:
        raise UnknownCountry(f"no tax rate for country {country!r}")
    if business and country != HOME:
        return Decimal("0.00")
    return to_cents(net * RATES[country])
