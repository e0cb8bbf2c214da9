from decimal import Decimal

import pytest

from billing_api.tax import UnknownCountry, tax_on


@pytest.mark.parametrize(("country", "tax"), [("DE", "19.00"), ("AT", "20.00"), ("FR", "20.00"), ("NL", "21.00")])
def test_each_country_has_its_rate(country, tax):
    assert tax_on(Decimal("100.00"), country) == Decimal(tax)


def test_a_business_abroad_accounts_for_the_tax_itself():
    assert tax_on(Decimal("100.00"), "FR", business=True) == Decimal("0.00")


def test_a_business_at_home_pays_tax():
    assert tax_on(Decimal("100.00"), "DE", business=True) == Decimal("19.00")


def test_an_unknown_country_is_refused():
    with pytest.raises(UnknownCountry, match="XX"):
        tax_on(Decimal("100.00"), "XX")
