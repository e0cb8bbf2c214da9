"""Manifests of another image: told where all that the candidate is made of is known, and only of images."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tests.packets import PacketBuilder
from tests.staging_domain import stage

CLEAN = PacketBuilder.clean()
MANIFEST, INDEX = "registry/manifest-amd64.json", "registry/index.json"
MIXED = ["MIXED_CANDIDATE"]


def manifest(**changes: Any) -> bytes:
    """The manifest of another image, where it is not as ``changes`` say."""
    tree = json.loads(CLEAN.documents[MANIFEST])
    tree["layers"][0]["digest"] = "sha256:" + "5" * 64
    return json.dumps(tree | changes).encode()


def beside(data: bytes) -> PacketBuilder:
    return CLEAN.add("registry/other.json", data, source="artifact_registry")


def test_a_manifest_that_the_index_does_not_list_is_of_another_image() -> None:
    staged = stage(beside(manifest()))
    [told] = [one for one in staged.outcome.exceptions if one.blocking]
    assert (told.code, told.subject) == ("MIXED_CANDIDATE", "artifact.digest")
    assert {"registry/other.json", "release-manifest.json"} == {one.path for one in told.evidence}


_HELM = {"mediaType": "application/vnd.cncf.helm.config.v1+json", "digest": "sha256:" + "6" * 64, "size": 3}
_STATEMENT = {"mediaType": "application/vnd.in-toto+json", "digest": "sha256:" + "7" * 64, "size": 3}


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:" + "8" * 64, "size": 7}},
        {"config": _HELM},
        {"layers": [_STATEMENT]},  # what BuildKit and cosign attach has the config of an image
        {"layers": []},
    ],
)
def test_what_is_attached_to_an_image_or_is_none_may_stand_beside_it(changes: dict[str, Any]) -> None:
    assert stage(beside(manifest(**changes))).blocking == []


def test_what_an_index_lists_that_is_not_in_the_packet_cannot_be_told() -> None:
    assert stage(beside(manifest()).without(INDEX)).blocking == []


def test_a_manifest_of_the_release_before_or_of_what_a_rollback_returns_to_is_no_stranger() -> None:
    before = CLEAN.add("registry/before.json", manifest(), source="artifact_registry", baseline=True)
    assert stage(before).blocking == []


def test_a_tool_that_lists_layers_under_the_digest_of_an_index_does_not_show_the_index() -> None:
    index = "sha256:" + hashlib.sha256(CLEAN.documents[INDEX]).hexdigest()
    shown = {"Name": "registry.example.com/billing/billing-api", "Digest": index, "RepoTags": [], "Created": "2026-11-20T08:38:00Z"}
    shown |= {"DockerVersion": "", "Labels": {}, "Architecture": "amd64", "Os": "linux", "Layers": ["sha256:" + "9" * 64], "Env": []}
    packet = beside(manifest()).without(INDEX).add("registry/skopeo.json", json.dumps(shown).encode(), source="artifact_registry")
    assert stage(packet).blocking == []
