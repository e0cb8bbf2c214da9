"""Owners against the registry of services: whom a packet's catalogue names where the registry names somebody else."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.registries import Registries, key
from release_staging.model.exceptions import Code
from release_staging.normalize.columns import column
from release_staging.normalize.identifiers.owners import owner
from release_staging.normalize.problems import QUOTED, SCHEMA


def contradicted(claims: pa.Table, registries: Registries) -> pa.Table:
    """CONTRADICTION for each claim of an owner who is not the registry's, of a service that the registry knows."""
    said = claims.filter(pc.fill_null(pc.equal(column(claims, "field"), "service.owner"), False))
    found: list[dict[str, str | None]] = []
    for claim in said.to_pylist():
        service = registries.services.get(key(claim["subject"] or ""))
        if service is not None and key(owner(service.owner).text) != key(claim["normal"]):
            named = claim["value"][:QUOTED]
            message = f"the catalogue names {named!r} as owner of {service.id!r}, the registry of services {service.owner!r}"
            found.append(
                {
                    "packet": claim["packet"],
                    "document": claim["document"],
                    "code": Code.CONTRADICTION.value,
                    "subject": "service.owner",
                    "message": message,
                    "expected": service.owner,
                    "found": named,
                    "locator": claim["locator"],
                }
            )
    return pa.Table.from_pylist(found, schema=SCHEMA)
