from decimal import Decimal

import pytest

from billing_api.rounding import to_cents


@pytest.mark.parametrize(
    ("amount", "cents"),
    [("0.005", "0.01"), ("0.004", "0.00"), ("1.015", "1.02"), ("2.675", "2.68"), ("-0.005", "-0.01"), ("10", "10.00")],
)
def test_half_a_cent_goes_away_from_zero(amount, cents):
    assert to_cents(Decimal(amount)) == Decimal(cents)


def test_rounding_twice_changes_nothing():
    once = to_cents(Decimal("3.14159"))
    assert to_cents(once) == once
