"""Attestations: SLSA provenance in a DSSE envelope as cosign and Chains make it, Google's wrapper, test results, verification summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from release_staging.evaluation import signing
from release_staging.evaluation.documents import Places, Written, compact_json_document, json_document, z
from release_staging.evaluation.tools import oci
from release_staging.evaluation.worlds import World

_SOURCE = "provenance_attestations"
_STATEMENT = "https://in-toto.io/Statement/v1"
_IN = "/payload;base64;json-pointer:"


def slsa_v1(world: World, builder: str, build_type: str, invocation: str, workflow: str | None = None) -> Written:
    """SLSA provenance v1. ``workflow`` is the path of the workflow that built, where a run's record can be compared with it."""
    statement = _statement(
        world,
        "https://slsa.dev/provenance/v1",
        {
            "buildDefinition": {
                "buildType": build_type,
                "externalParameters": {
                    "workflow": {"ref": f"refs/heads/{world.branch}", "repository": world.service.repository, "path": workflow or "release"}
                },
                "internalParameters": {},
                "resolvedDependencies": [
                    {"uri": f"git+{world.service.repository}@refs/heads/{world.branch}", "digest": {"gitCommit": world.commit}}
                ],
            },
            "runDetails": {
                "builder": {"id": builder},
                "metadata": {"invocationId": invocation, "startedOn": z(world.started), "finishedOn": z(world.after(4))},
            },
        },
    )
    facts = PROVENANCE_V1 | ({"workflow": _WORKFLOW} if workflow else {})
    return _envelope(world, "provenance.dsse.json", statement, signing.BUILDER, facts)


def slsa_v02(world: World, builder: str, build_type: str, invocation: str | None, signer: str = signing.BUILDER) -> Written:
    """SLSA provenance v0.2, in a Statement v0.1. ``invocation``, where there is one, is of a job, and of no record of a run."""
    source = {"uri": f"git+{world.service.repository}.git", "digest": {"sha1": world.commit}}
    statement = _statement(
        world,
        "https://slsa.dev/provenance/v0.2",
        {
            "builder": {"id": builder},
            "buildType": build_type,
            "invocation": {"configSource": {}, "parameters": {}, "environment": {}},
            "metadata": {
                **({"buildInvocationId": invocation} if invocation else {}),
                "buildStartedOn": z(world.started),
                "buildFinishedOn": z(world.after(4)),
                "completeness": {"parameters": True, "environment": False, "materials": False},
                "reproducible": False,
            },
            "materials": [source],
        },
        "https://in-toto.io/Statement/v0.1",
    )
    return _envelope(world, "provenance.intoto.json", statement, signer, _V02)


def attested_tests(world: World, signer: str = signing.BUILDER) -> Written:
    """in-toto test result v0.1, of the image."""
    predicate = {
        "result": "PASSED",
        "configuration": [{"name": "release.yaml", "digest": {"sha256": world.hex("test configuration")}}],
        "passedTests": ["smoke", "contract"],
        "warnedTests": [],
        "failedTests": [],
    }
    statement = _statement(world, "https://in-toto.io/attestation/test-result/v0.1", predicate)
    return _envelope(world, "test-result.dsse.json", statement, signer, {"verdict": f"{_IN}/predicate/result"})


def verification_summary(world: World, signer: str = signing.BUILDER) -> Written:
    """SLSA verification summary v1, of the image."""
    image = oci.image(world)
    predicate = {
        "verifier": {"id": "https://verifier.example.com"},
        "timeVerified": z(world.after(20)),
        "resourceUri": f"{world.image}@{image.digest}",
        "policy": {"uri": "https://policies.example.com/release", "digest": {"sha256": world.hex("verifier policy")}},
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
        "slsaVersion": "1.1",
    }
    statement = _statement(world, "https://slsa.dev/verification_summary/v1", predicate)
    facts = {"verdict": f"{_IN}/predicate/verificationResult", "time": f"{_IN}/predicate/timeVerified"}
    return _envelope(world, "vsa.dsse.json", statement, signer, facts)


def gcb_provenance(world: World, builder: str, build_type: str, invocation: str) -> Written:
    """``gcloud artifacts docker images describe --show-provenance``: the signed envelope, and a copy for people."""
    image = oci.image(world)
    made = slsa_v1(world, builder, build_type, invocation)
    statement = signing.statement_of(made.data)
    tree = {
        "image_summary": {
            "digest": image.digest,
            "fully_qualified_digest": f"{world.image}@{image.digest}",
            "registry": world.image.partition("/")[0],
            "repository": world.service.name,
            "slsa_build_level": 3,
        },
        "provenance_summary": {
            "provenance": [
                {
                    "build": {"inTotoSlsaProvenanceV1": statement},
                    "createTime": z(world.after(5)),
                    "envelope": signing.envelope(statement),
                    "kind": "BUILD",
                    "name": f"projects/apps/occurrences/{world.uuid('occurrence')}",
                    "noteName": "projects/verified-builder/notes/intoto_slsa_v1",
                    "resourceUri": f"https://{world.image}@{image.digest}",
                    "updateTime": z(world.after(5)),
                }
            ]
        },
    }
    envelope = "/provenance_summary/provenance/0/envelope"
    facts: dict[str, Places] = {name: envelope + place for name, place in PROVENANCE_V1.items() if isinstance(place, str)}
    facts["time"] = tuple(envelope + place for place in PROVENANCE_V1["time"])
    return json_document(world.path("provenance", "gcb-provenance.json"), _SOURCE, "gcb-provenance", tree, **facts, envelope=envelope)


_WORKFLOW = f"{_IN}/predicate/buildDefinition/externalParameters/workflow/path"

# Where the facts of a Statement stand, in its envelope.
PROVENANCE_V1: dict[str, Places] = {
    "subject": f"{_IN}/subject/0/digest/sha256",
    "commit": f"{_IN}/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit",
    "repository": f"{_IN}/predicate/buildDefinition/resolvedDependencies/0/uri",
    "builder": f"{_IN}/predicate/runDetails/builder/id",
    "invocation": f"{_IN}/predicate/runDetails/metadata/invocationId",
    "time": (f"{_IN}/predicate/runDetails/metadata/finishedOn", f"{_IN}/predicate/runDetails/metadata/startedOn"),
    "format": f"{_IN}/predicateType",
}
_V02: dict[str, Places] = {
    "subject": f"{_IN}/subject/0/digest/sha256",
    "commit": f"{_IN}/predicate/materials/0/digest/sha1",
    "repository": f"{_IN}/predicate/materials/0/uri",
    "builder": f"{_IN}/predicate/builder/id",
    "time": (f"{_IN}/predicate/metadata/buildFinishedOn", f"{_IN}/predicate/metadata/buildStartedOn"),
    "format": f"{_IN}/predicateType",
}


def _statement(world: World, predicate_type: str, predicate: dict[str, Any], kind: str = _STATEMENT) -> dict[str, Any]:
    subject = {"name": world.image, "digest": {"sha256": oci.image(world).hex}}
    return {"_type": kind, "subject": [subject], "predicateType": predicate_type, "predicate": predicate}


def _envelope(world: World, name: str, statement: dict[str, Any], signer: str, facts: Mapping[str, Places]) -> Written:
    facts = {"subject": f"{_IN}/subject/0/digest/sha256", **facts}
    sealed = signing.envelope(statement, signer)
    return compact_json_document(world.path("provenance", name), _SOURCE, "dsse-envelope", sealed, **facts, envelope="")
