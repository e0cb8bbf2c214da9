"""Delays between attempts to deliver an invoice: exponential, with jitter, so that retries do not arrive together."""

import random

FIRST_DELAY_S = 2.0
LONGEST_DELAY_S = 300.0


def delay_before(attempt: int) -> float:
    """Seconds to wait before attempt number ``attempt``, from 1."""
    longest = min(FIRST_DELAY_S * 2 ** (attempt - 1), LONGEST_DELAY_S)
    return random.uniform(longest / 2, longest)
