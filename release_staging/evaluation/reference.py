"""What the evaluation's packets are judged by: the default policy and registries, with the services, keys and builders of its worlds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.config.settings import Settings
from release_staging.evaluation import signing
from release_staging.evaluation.toolchains import toolchains
from release_staging.parsing import yaml
from release_staging.record import contract
from release_staging.staging.in_memory import Reference


def write(folder: Path) -> Settings:
    """Policy and registries below ``folder``, and the settings of a deployment that uses them and keeps its state there."""
    default = Settings.of({})
    registries = folder / "registries"
    registries.mkdir(parents=True, exist_ok=True)
    for path in default.registries.glob("*.yaml"):
        (registries / path.name).write_bytes(path.read_bytes())
    _extend(registries / "services.yaml", "services", _services())
    _extend(registries / "repositories.yaml", "repositories", _repositories())
    policy = folder / "policy.yaml"
    policy.write_bytes(default.policy.read_bytes())
    keys = yaml.parse(policy.read_bytes())["trusted_keys"]
    for key in keys:
        key["pem"] = (default.policy.parent / key.pop("file")).read_text("ascii")
    keys += [{"id": name, "pem": signing.public_pem(name)} for name in signing.TRUSTED]
    content = yaml.parse(policy.read_bytes()) | {"trusted_keys": keys}
    content["accepted_builders"] += _builders()
    policy.write_bytes(yaml.dump(content))
    return replace(default, home=folder / "home", intake=folder / "intake", database_url=None, registries=registries, policy=policy)


def load(settings: Settings) -> Reference:
    """The reference that a deployment with these settings has."""
    return Reference(Policy.load(settings.policy), Registries.load(settings.registries), contract.load(settings.contract))


def _services() -> list[dict[str, Any]]:
    return [
        {"id": one.name, "aliases": [one.alias], "repositories": [one.name], "owner": one.owner, "tier": "tier-1"}
        for toolchain in toolchains()
        for one in map(toolchain.home.service, toolchain.home.services)
    ]


def _builders() -> list[dict[str, Any]]:
    return [{"pattern": one.builder, "services": [*one.home.services]} for one in toolchains() if one.builder]


def _repositories() -> list[dict[str, Any]]:
    return [
        {"id": one.name, "url": one.repository, "aliases": [one.slug]}
        for toolchain in toolchains()
        for one in map(toolchain.home.service, toolchain.home.services)
    ]


def _extend(path: Path, member: str, entries: list[dict[str, Any]]) -> None:
    content = yaml.parse(path.read_bytes())
    known = {entry["id"] for entry in content[member]}
    path.write_bytes(yaml.dump(content | {member: [*content[member], *(entry for entry in entries if entry["id"] not in known)]}))
