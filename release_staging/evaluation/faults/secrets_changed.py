"""Configuration changes that touch a secret, without a review of them."""

from __future__ import annotations

from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, documents, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.evaluation.tools import diffs
from release_staging.evaluation.worlds import World
from release_staging.model.exceptions import Code

_UNREVIEWED = Code.UNREVIEWED_SECRET_CHANGE


@fault(_UNREVIEWED, "A secret changes and no review is named", documents("config_diffs"))
def secret_changed(packet: Packet, site: Site, chance: Random) -> Faulty:
    data = _with_secret(site.form, packet.data(site.path), packet.world, chance)
    return held(packet.replaced(site.path, data), Expected(_UNREVIEWED, site.path))


def _with_secret(form: str, data: bytes, world: World, chance: Random) -> bytes:
    """The diff with one more change, of a secret, in the way of the tool."""
    name = world.service.name
    match form:
        case "unified-diff":
            file = chance.choice(("payment-credentials.yaml", "tls/secret.yaml", "sealed-secret.yaml"))
            return data + diffs.secrets_file(f"config/{world.targets[0]}/{file}", world).encode()
        case "helm-diff":
            return (
                data
                + (
                    f"apps, {name}-database, Secret (v1) has changed:\n"
                    f"  # Source: {name}/templates/secret.yaml\n  apiVersion: v1\n  data:\n"
                    "-   dsn: '-------- # (24 bytes)'\n+   dsn: '++++++++ # (31 bytes)'\n"
                ).encode()
            )
        case "argocd-diff":
            return (
                data
                + (f"\n===== /Secret apps/{name}-database ======\n5c5\n<   password: ++++++++\n---\n>   password: +++++++++++\n").encode()
            )
        case "terraform-plan-json":
            marked = chance.random() < 0.5  # by the provider, or only by its name
            sensitive = {"value": True} if marked else {}
            change = {
                "address": "aws_ssm_parameter.setting" if marked else "aws_secretsmanager_secret_version.database",
                "mode": "managed",
                "type": "aws_ssm_parameter" if marked else "aws_secretsmanager_secret_version",
                "name": "setting" if marked else "database",
                "provider_name": "terraform.example.com/mirror/aws",
                "change": {
                    "actions": ["update"],
                    "before": {"value": "kept elsewhere, 1"},
                    "after": {"value": "kept elsewhere, 2"},
                    "after_unknown": {},
                    "before_sensitive": sensitive,
                    "after_sensitive": sensitive,
                },
            }
            return edits.put(data, "json-pointer:/resource_changes/-", change)
    raise ValueError(f"no secret change is written for {form}")


@fault(_UNREVIEWED, "The review that is named is of another file", having("review", "release_manifest"))
def review_elsewhere(packet: Packet, site: Site, _: Random) -> Faulty:
    [changes] = [one for one in packet.of("config_diffs") if one.format == "unified-diff"]
    moved = packet.put(site.path, f"{site.places[0]}/0/covers", [f"config/{packet.world.targets[0]}/values.yaml"])
    return held(moved, Expected(_UNREVIEWED, changes.path))


@fault(_UNREVIEWED, "The manifest names no review any more", having("review", "release_manifest"))
def review_removed(packet: Packet, site: Site, _: Random) -> Faulty:
    [changes] = [one for one in packet.of("config_diffs") if one.format == "unified-diff"]
    return held(packet.remove(site.path, site.places[0]), Expected(_UNREVIEWED, changes.path))
