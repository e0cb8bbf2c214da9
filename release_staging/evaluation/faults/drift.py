"""Formats that change under a reader: a newer version, a key with another name, a value of another type.

Which keys a format always has is stated here, from its own description: an optional key may be missing without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random

from release_staging.evaluation import edits
from release_staging.evaluation.expected import Expectation, Expected
from release_staging.evaluation.faults.fault import Faulty, Site, fault, having, says_format
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_DRIFT = Code.SCHEMA_DRIFT
_STATEMENT = "json-pointer:/payload;base64;json-pointer:"

# Keys on the way to a fact that are always there, and that do not tell what the format is.
_ALWAYS: dict[str, tuple[str, ...]] = {
    "github-actions-run": ("/id", "/status", "/repository"),
    "github-actions-jobs": ("/jobs/0/name", "/jobs/1/run_id"),
    "github-release": ("/html_url", "/assets"),
    "gitlab-release": ("/commit/id",),
    "gitlab-jobs": ("/0/commit/id", "/0/pipeline/id"),
    "gitlab-security-report": ("/vulnerabilities/0/severity",),
    "jenkins-build": ("/duration", "/actions/2/lastBuiltRevision/SHA1"),
    "jenkins-wfapi": ("/id", "/stages/0/status", "/stages/1/name"),
    "azure-devops-build": ("/id", "/sourceBranch", "/repository"),
    "azure-test-run": ("/state",),
    "buildkite-build": ("/id", "/jobs/0/state"),
    "circleci-pipeline": ("/vcs/revision",),
    "circleci-job": ("/items/0/status", "/items/1/name"),
    "google-cloud-build": ("/results/images/0/digest",),
    "aws-codebuild": ("/builds/0/id", "/builds/0/buildStatus"),
    "aws-codepipeline": ("/pipelineExecution/status", "/pipelineExecution/artifactRevisions/0/revisionId"),
    "release-manifest": ("/service", "/version", "/commit", "/environments", "/artifacts/0/digest"),
    "goreleaser-artifacts": ("/2/name", "/3/type"),
    "artifactory-build-info": ("/modules/0/id", "/modules/0/artifacts/0/name"),
    "skopeo-inspect": ("/Digest",),
    "ecr-images": ("/imageDetails/0/imageDigest",),
    "dsse-envelope": ("/payloadType", "/signatures"),
    "ctrf-json": ("/results/tests/0/status", "/results/tests/1/name"),
    "jest-json": ("/testResults/0/assertionResults/0/status",),
    "gatling-assertions": ("/assertions/0/result", "/start"),
    "gatling-stats": ("/stats/numberOfRequests/total",),
    "locust-json": ("/0/num_requests", "/1/name"),
    "jmeter-statistics": ("/Total/sampleCount",),
    "kayenta-execution": ("/status", "/startTimeIso", "/result/judgeResult/score/classification"),
    "cyclonedx-json": ("/components/0/name",),
    "spdx-json": ("/packages/0/name", "/creationInfo/created"),
    "syft-json": ("/artifacts/0/name",),
    "trivy-json": ("/Results", "/Results/1/Vulnerabilities/0/VulnerabilityID", "/Results/1/Vulnerabilities/0/PkgName"),
    "grype-json": ("/matches/0/vulnerability/id", "/matches/0/artifact/name"),
    "osv-scanner-json": ("/results/0/packages/0/package/name",),
    "snyk-json": ("/vulnerabilities/0/id", "/vulnerabilities/0/packageName"),
    "pip-audit-json": ("/dependencies/0/name",),
    "sarif": ("/runs/0/tool/driver/name", "/runs/0/results/0/message"),
    "checkov-json": ("/results/passed_checks/0/check_id", "/results/passed_checks/0/check_result/result"),
    "scorecard-json": ("/checks/0/name", "/checks/0/score"),
    "terraform-plan-json": ("/resource_changes/0/change/actions",),
}
_IN_YAML: dict[str, tuple[str, ...]] = {
    "tekton-pipelinerun": ("/status/conditions/0/status", "/metadata/name"),
    "tekton-taskrun": ("/status/conditions/0/type",),
    "argo-analysisrun": ("/status/phase", "/status/metricResults/0/phase"),
    "flagger-canary": ("/status/phase", "/status/lastTransitionTime"),
    "policyreport": ("/results/0/result", "/results/1/policy"),
    "kubernetes-manifest": ("/spec/template/spec/containers", "/metadata/name"),
}
_BY_KEYS = (
    "dsse-envelope",
    "skopeo-inspect",
)  # recognised by these very keys: without one, only the descriptor knows what the document was
_IN_STATEMENT = {"provenance": ("/predicate/runDetails/builder/id", "/predicate/buildDefinition", "/subject/0/digest")}
_IN_XML: dict[str, tuple[str, ...]] = {
    "trx": (
        "/*[local-name()='TestRun'][1]/*[local-name()='ResultSummary'][1]/@outcome",
        "/*[local-name()='TestRun'][1]/*[local-name()='Results'][1]/*[local-name()='UnitTestResult'][1]/@testName",
    ),
}


def _keys(packet: Packet) -> Iterator[Site]:
    for one in packet.of():
        prefix, found = "json-pointer:", _ALWAYS.get(one.format, ())
        if one.format in _BY_KEYS and not says_format(packet, one.path):
            found = ()
        if one.format in _IN_YAML:
            prefix, found = "yaml=0;json-pointer:", _IN_YAML[one.format]
        if one.format in _IN_XML:
            prefix, found = "xpath:", _IN_XML[one.format]
        for pointer in found:
            yield Site(one.format, one, (prefix + pointer,))
        if one.format == "dsse-envelope" and "resolvedDependencies" in str(one.facts.get("commit")):
            for pointer in _IN_STATEMENT["provenance"]:
                yield Site("slsa provenance", one, (_STATEMENT + pointer,))


def _told(packet: Packet, site: Site) -> Faulty:
    """Held for drift in this document; in a catalogue, which is not required, it is only told."""
    assert site.document is not None
    holds = site.document.source != "service_catalog"
    return Faulty(packet.signed_again(site.path), Expectation((Expected(_DRIFT, site.path, holds=holds),)))


@fault(_DRIFT, "A key that a fact stands under has another name", _keys, changed=True)
def renamed_key(packet: Packet, site: Site, _: Random) -> Faulty:
    place = site.places[0]
    name = place.rpartition("/")[2].removeprefix("@")
    new = f"{name}V2" if not name.isupper() else f"{name}2"
    return _told(packet.replaced(site.path, edits.rename(packet.data(site.path), place, new)), site)


def _retypable(packet: Packet) -> Iterator[Site]:
    return (site for site in _keys(packet) if not site.places[0].startswith("xpath:"))


@fault(_DRIFT, "A value that a fact is read from has another type", _retypable, changed=True)
def retyped_value(packet: Packet, site: Site, _: Random) -> Faulty:
    place = site.places[0]
    old = edits.value_at(packet.data(site.path), place)
    new = "none" if isinstance(old, dict | list) else {"value": old}
    return _told(packet.put(site.path, place, new), site)


_NUMBER = re.compile(r"\d+")


@fault(_DRIFT, "A document is of a version that nobody reads yet", having("format"), changed=True)
def newer_version(packet: Packet, site: Site, _: Random) -> Faulty:
    place = site.places[0]
    old = packet.text(site.path, place)
    numbers = list(_NUMBER.finditer(old))
    # Of an address the version stands last; of the rest its major number first.
    number = numbers[-1] if "://" in old or "/v" in old else numbers[0]
    major = old[: number.start()] + str(int(number[0]) + 7) + old[number.end() :]
    return _told(packet.put(site.path, place, re.sub(r"(v\d+)(alpha|beta)\d+$", r"\1", major)), site)
