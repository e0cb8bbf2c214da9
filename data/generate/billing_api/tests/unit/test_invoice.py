from decimal import Decimal

import pytest
from pydantic import ValidationError

from billing_api.invoice import Invoice, Line


def invoice(**changes):
    return Invoice(**{"number": "INV-000017", "country": "DE", "lines": [Line(text="Seats", quantity=3, unit_price="4.995")], **changes})


def test_a_line_is_in_whole_cents():
    assert Line(text="Seats", quantity=3, unit_price="4.995").amount == Decimal("14.99")


def test_tax_is_taken_on_the_sum():
    lines = [Line(text="Call", quantity=1, unit_price="0.03")] * 3
    assert invoice(lines=lines).tax == Decimal("0.02")


def test_total_is_net_and_tax():
    assert invoice().total == Decimal("17.84")


@pytest.mark.parametrize("changes", [{"number": "17"}, {"lines": []}, {"country": "DEU"}])
def test_a_malformed_invoice_is_refused(changes):
    with pytest.raises(ValidationError):
        invoice(**changes)
