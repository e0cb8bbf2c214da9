"""Writes the JSON Schemas (2020-12) of the configuration files from their models; with ``--check``, only says what differs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel

from release_staging.config.policy import Policy
from release_staging.config.registries import FILES
from release_staging.review.finding import Finding
from release_staging.review.receipt import Receipt

SCHEMAS = Path(__file__).resolve().parent.parent / "schemas"
MODELS: dict[str, type[BaseModel]] = {
    **{f"registries/{name}.json": model for name, model in FILES.items()},
    "policy-1.json": Policy,
    "finding-1.json": Finding,
    "receipt-1.json": Receipt,
}


def schema(name: str) -> bytes:
    """The schema file of this name, as it should be."""
    described = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:release-staging:schema:{name.removesuffix('.json').replace('/', ':')}",
        **_in_order(MODELS[name].model_json_schema(mode="validation", by_alias=True)),
    }
    return orjson.dumps(described, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _in_order(node: Any) -> Any:
    """``node`` with the defaults of sets sorted: a set has no order, a file has."""
    if isinstance(node, list):
        return [_in_order(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: sorted(value) if name == "default" and isinstance(value, list) and b"uniqueItems" in orjson.dumps(node) else _in_order(value)
        for name, value in node.items()
    }


def stale() -> list[str]:
    """Schema files that are missing, superfluous, or not as their models say."""
    there = {
        path.relative_to(SCHEMAS).as_posix()
        for pattern in ("registries/*.json", "policy-*.json", "finding-*.json", "receipt-*.json")
        for path in SCHEMAS.glob(pattern)
    }
    differs = [name for name in MODELS if name in there and (SCHEMAS / name).read_bytes() != schema(name)]
    return sorted([*differs, *(there ^ MODELS.keys())])


def main(arguments: list[str]) -> int:
    if arguments == ["--check"]:
        names = stale()
        print("\n".join(f"schemas/{name}: run tools/make_schemas.py" for name in names) or "schemas are as their models say")
        return 1 if names else 0
    for name in MODELS:
        (SCHEMAS / name).parent.mkdir(parents=True, exist_ok=True)
        (SCHEMAS / name).write_bytes(schema(name))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
