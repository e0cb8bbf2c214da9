"""Metadata files of ``docker buildx build`` and ``docker buildx bake``."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "buildx-metadata"
DIGEST, CONFIG = "sha256:" + "19" * 32, "sha256:" + "29" * 32
NAME = "registry.example/billing/billing-api:4.12.0"
DESCRIPTOR = {
    "annotations": {"org.opencontainers.image.created": "2026-11-20T08:44:58Z"},
    "digest": DIGEST,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "size": 506,
}


def build(**changes: Any) -> dict[str, Any]:
    provenance = {"buildType": "https://mobyproject.org/buildkit@v1", "materials": [{"uri": "pkg:docker/alpine@3"}]}
    detail = {"buildx.build.provenance": provenance, "buildx.build.provenance/linux/amd64": provenance, "buildx.build.ref": "b/b0/0fjb6"}
    image = {"containerimage.config.digest": CONFIG, "containerimage.descriptor": DESCRIPTOR, "containerimage.digest": DIGEST}
    return {**detail, **image, "image.name": NAME, **changes}


def read(value: Any) -> Any:
    return extract(drift.as_json(value), FORMAT)


def test_the_image_that_was_built_is_claimed_by_digest_and_name() -> None:
    extraction = read(build())
    assert recognised(drift.as_json(build())) == [FORMAT]
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == "artifact.digest"]
    assert (claim["value"], claim["subject"], claim["locator"]) == (DIGEST, NAME, "json-pointer:/containerimage.digest")
    assert claims(extraction, "artifact.reference") == [NAME]
    assert [(row["role"], row["digest"], row["parent_digest"], row["size"]) for row in rows(extraction, "artifacts")] == [
        ("registry", DIGEST, None, 506),
        ("config", CONFIG, DIGEST, None),
    ]
    assert problems(extraction) == not_understood(extraction) == []


def test_each_target_of_bake_is_an_image() -> None:
    other = build(**{"image.name": "registry.example/db:1,registry.example/db:latest", "containerimage.descriptor": None})
    extraction = read({"buildx.build.warnings": [{"vertex": "x"}], "app": build(), "db": other})
    assert claims(extraction, "artifact.reference") == [NAME, "registry.example/db:1", "registry.example/db:latest"]
    assert [row["locator"] for row in rows(extraction, "artifacts") if row["role"] == "registry"] == [
        "json-pointer:/app",
        "json-pointer:/db",
    ]
    assert problems(extraction) == not_understood(extraction) == []


def test_a_descriptor_of_another_image_is_a_contradiction() -> None:
    extraction = read(build(**{"containerimage.descriptor": DESCRIPTOR | {"digest": CONFIG}}))
    assert problems(extraction) == [("CONTRADICTION", "json-pointer:/containerimage.descriptor/digest")]


@pytest.mark.parametrize("value", [{}, {"app": {}}, {"buildx.build.ref": "x"}, {"digest": DIGEST}])
def test_other_documents_are_left(value: Any) -> None:
    assert FORMAT not in recognised(drift.as_json(value))


def test_an_unknown_member_is_not_understood() -> None:
    assert not_understood(read(build(ring="eu"))) == ["/ring"]


def test_drift_is_told() -> None:
    digests = {"/containerimage.digest", "/containerimage.descriptor/digest"}
    drift.assert_drift_is_told(drift.as_json(build()), digests)
