"""Small steps over Arrow columns that the normalisations share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

SEPARATOR = "\x1f"  # between the parts of a joined key; stands in no name


def column(table: pa.Table, name: str) -> pa.Array:
    """A column in one piece."""
    pieces = table.column(name).combine_chunks()
    return pieces if isinstance(pieces, pa.Array) else pa.concat_arrays(pieces.chunks or [pa.array([], pieces.type)])


def folded(values: pa.Array) -> pa.Array:
    """Texts in the form that registries look names up by (``config.registries.key``)."""
    return pc.utf8_lower(pc.utf8_trim_whitespace(values))


def joined(*parts: pa.Array) -> pa.Array:
    """One key of several columns; null where a part is null."""
    return pc.binary_join_element_wise(*parts, SEPARATOR)


def both(one: pa.Array, other: pa.Array) -> pa.Array:
    """Two texts in one, the one where the other is null, null where both are."""
    return pc.coalesce(pc.binary_join_element_wise(one, other, "; "), one, other)


def looked_up(keys: pa.Array, table: Mapping[str, str]) -> pa.Array:
    """``table[key]`` for each key; null where there is none."""
    found = pc.index_in(keys, value_set=pa.array(list(table), pa.string()), skip_nulls=True)
    return pa.array(list(table.values()), pa.string()).take(found)


def each(values: pa.Array, function: Callable[[str], Sequence[Any]], *kinds: pa.DataType) -> list[pa.Array]:
    """The members of ``function`` of each value, one column a member, called once for each value that differs; null for null."""
    encoded = values.dictionary_encode()
    made = [function(value) for value in encoded.dictionary.to_pylist()]
    return [pa.array([one[place] for one in made], kind).take(encoded.indices) for place, kind in enumerate(kinds)]


def matches_any(values: pa.Array, patterns: Sequence[str]) -> pa.Array:
    """Whether one of the RE2 ``patterns`` is found in each value; false for null."""
    found = pa.array([False] * len(values), pa.bool_())
    if not patterns or len(values) == 0:
        return found
    encoded = values.dictionary_encode()
    for pattern in patterns:
        hit = pc.match_substring_regex(encoded.dictionary, pattern)
        found = pc.or_(found, pc.fill_null(hit.take(encoded.indices), False))
    return found
