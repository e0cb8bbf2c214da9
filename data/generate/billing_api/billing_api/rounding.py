"""Rounding of money amounts: half a cent goes up, away from zero."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> Decimal:
    """``amount`` in whole cents."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
