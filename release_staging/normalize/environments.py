"""The environment that a row is about: stated by the source, told by a path, or asserted by the descriptor."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.registries import Environment, Registries, key
from release_staging.model.tables import TEXT
from release_staging.normalize import rules
from release_staging.normalize.columns import column, folded, joined, looked_up
from release_staging.normalize.problems import SCHEMA, unmapped


def stated(table: pa.Table, registries: Registries, where: str) -> tuple[pa.Array, pa.Table]:
    """Ids for column ``environment``, null where it is null or not known, and the problems found. ``where`` is the table's name."""
    names = column(table, "environment")
    ids = looked_up(folded(names), {name: environment.id for name, environment in registries.environments.items()})
    missed = pc.and_(pc.is_valid(names), pc.is_null(ids))
    return ids, unmapped(table, missed, f"{where}.environment", names, "a name of the registry of environments")


def of_changes(changes: pa.Table, documents: pa.Table, registries: Registries) -> tuple[pa.Array, pa.Array, pa.Table]:
    """Ids and rules for configuration changes, and the problems found. ``documents`` have ``environment_id``."""
    by_source, problems = stated(changes, registries, "config_changes")
    says = pc.is_valid(column(changes, "environment"))
    fits = _by_path(column(changes, "file"), registries)
    by_path = pa.array([next(iter(ids)) if len(ids) == 1 else None for ids in fits], TEXT)
    several = pa.array([len(ids) > 1 for ids in fits], pa.bool_())
    by_packet = looked_up(_owners(changes), _asserted(documents))

    ids = pc.if_else(says, by_source, pc.coalesce(by_path, pc.if_else(several, None, by_packet)))
    rule = pc.if_else(
        says,
        rules.ENVIRONMENT_STATED,
        pc.if_else(pc.is_valid(by_path), rules.ENVIRONMENT_FROM_PATH, rules.ENVIRONMENT_ASSERTED),
    )
    ambiguous = pc.and_(several, pc.invert(says))
    more = unmapped(changes, ambiguous, "config_changes.file", column(changes, "file"), "a path of one environment only")
    return ids, pc.if_else(pc.is_valid(ids), rule, None), pa.concat_tables([SCHEMA.empty_table(), problems, more])


def _owners(table: pa.Table) -> pa.Array:
    return joined(column(table, "packet"), column(table, "document"))


def _asserted(documents: pa.Table) -> dict[str, str]:
    """The environment of each document whose entries in the descriptor agree on one."""
    said: dict[str, set[str]] = {}
    for owner, environment in zip(_owners(documents).to_pylist(), documents["environment_id"].to_pylist(), strict=True):
        if environment is not None:
            said.setdefault(owner, set()).add(environment)
    return {owner: next(iter(environments)) for owner, environments in said.items() if len(environments) == 1}


def _by_path(files: pa.Array, registries: Registries) -> list[set[str]]:
    """The environments that each path fits: by a whole segment of it, the file's name up to its first dot, or a pattern."""
    encoded = files.dictionary_encode()
    fits = [_by_segment(path, registries.environments) for path in encoded.dictionary.to_pylist()]
    for environment in {id(entry): entry for entry in registries.environments.values()}.values():
        for pattern in environment.paths:
            for index in pc.indices_nonzero(pc.match_substring_regex(encoded.dictionary, pattern)).to_pylist():
                fits[index].add(environment.id)
    return [fits[index] if index is not None else set() for index in encoded.indices.to_pylist()]


def _by_segment(path: str, environments: Mapping[str, Environment]) -> set[str]:
    segments = path.replace("\\", "/").split("/")
    names = {key(segment) for segment in (*segments, segments[-1].partition(".")[0])}
    return {environments[name].id for name in names if name in environments}
