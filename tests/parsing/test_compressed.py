import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.parsing.compressed import unpacked


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
@given(data=st.binary(max_size=2_000))
def test_what_was_compressed_comes_out(compress, data: bytes) -> None:
    assert unpacked(compress(data), 10_000) == (data, True)


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress])
def test_no_more_comes_out_than_is_asked_for(compress) -> None:
    found = unpacked(compress(bytes(50 * 2**20)), 1_000)
    assert found == (bytes(1_000), False)


@given(st.binary(max_size=200))
def test_other_bytes_are_none(data: bytes) -> None:
    found = unpacked(data, 1_000)
    assert found is None or len(found[0]) <= 1_000
    assert unpacked(b"\x1f\x8b\x08" + b"\xff" * 40, 1_000) is None
