import pytest

from billing_api.delivery import LONGEST_DELAY_S, delay_before


@pytest.mark.parametrize(("attempt", "longest"), [(1, 2.0), (2, 4.0), (5, 32.0)])
def test_delays_double_within_their_jitter(attempt, longest):
    assert longest / 2 <= delay_before(attempt) <= longest


def test_no_delay_is_longer_than_the_longest():
    assert delay_before(30) <= LONGEST_DELAY_S
