"""An invoice: lines, and what they add up to. Tax is taken on the sum, not line by line."""

from decimal import Decimal

from pydantic import BaseModel, Field

from billing_api.rounding import to_cents
from billing_api.tax import tax_on


class Line(BaseModel):
    """``unit_price`` may have fractions of a cent; the line's amount has not."""

    text: str = Field(min_length=1)
    quantity: int = Field(gt=0)
    unit_price: Decimal = Field(ge=0)

    @property
    def amount(self) -> Decimal:
        return to_cents(self.quantity * self.unit_price)


class Invoice(BaseModel):
    number: str = Field(pattern=r"^INV-[0-9]{6}$")
    country: str = Field(min_length=2, max_length=2)
    business: bool = False
    lines: list[Line] = Field(min_length=1)

    @property
    def net(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal("0.00"))

    @property
    def tax(self) -> Decimal:
        return tax_on(self.net, self.country, business=self.business)

    @property
    def total(self) -> Decimal:
        return self.net + self.tax
