import copy

import orjson
import pytest

from release_staging.evidence.provenance_attestations.predicates import table
from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, rows

SUBJECT = [{"name": "billing-api", "digest": {"sha256": "5f" * 32}}]

VSA = {
    "verifier": {"id": "https://verifier.example/v1", "version": {"policy-engine": "1.2.0"}},
    "timeVerified": "2026-11-20T08:41:00Z",
    "resourceUri": "pkg:oci/billing-api?tag=4.12.0-rc.3",
    "policy": {"uri": "https://policies.example/p1", "digest": {"sha256": "aa" * 32}},
    "inputAttestations": [{"uri": "https://attestations.example/1", "digest": {"sha256": "bb" * 32}}],
    "verificationResult": "PASSED",
    "verifiedLevels": ["SLSA_BUILD_LEVEL_3"],
    "dependencyLevels": {"SLSA_BUILD_LEVEL_3": 5},
    "slsaVersion": "1.1",
}
VSA_01 = {
    "verifier": {"id": "https://verifier.example/v1"},
    "time_verified": "2026-11-20T08:41:00Z",
    "resource_uri": "pkg:oci/billing-api",
    "policy": {"uri": "https://policies.example/p1"},
    "input_attestations": [],
    "verification_result": "FAILED",
    "policy_level": "SLSA_LEVEL_3",
    "dependency_levels": {"SLSA_LEVEL_0": 1},
}
TESTS = {
    "result": "PASSED",
    "configuration": [{"name": "ci.yml", "digest": {"gitBlob": "ebe4add40f63c3c98bc9b32ff1e736f04120b023"}}],
    "url": "https://ci.example/runs/7",
    "passedTests": ["build", "lint"],
    "warnedTests": [],
    "failedTests": [],
}
SCAN = {
    "scanner": {
        "uri": "pkg:github/aquasecurity/trivy@v0.58",
        "version": "0.58.0",
        "db": {"uri": "https://db.example", "version": "2", "lastUpdate": "2026-11-20T06:00:00Z"},
        "result": [{"id": "CVE-2026-1", "severity": [{"method": "nvd", "score": "9.8"}]}],
    },
    "metadata": {"scanStartedOn": "2026-11-20T08:42:00Z", "scanFinishedOn": "2026-11-20T08:43:00Z"},
}
COSIGN_SCAN = SCAN | {
    "invocation": {"parameters": ["--token", "hunter2"], "uri": "https://ci.example/runs/7", "event_id": "7", "builder.id": "ci"}
}
RELEASE = {"purl": "pkg:npm/%40acme-pay/billing@4.12.0-rc.3", "releaseId": "1234567890"}
PUBLISH = {"name": "@acme-pay/billing", "version": "4.12.0-rc.3", "registry": "https://registry.example"}
SCAI = {
    "attributes": [
        {
            "attribute": "HermeticBuild",
            "target": {"name": "builder"},
            "conditions": {"os": "linux"},
            "evidence": {"name": "strace.log", "digest": {"sha256": "cc" * 32}},
        }
    ],
    "producer": {"uri": "https://builder.example/v1", "name": "builder", "digest": {"sha256": "dd" * 32}},
}
LINK = {
    "name": "build",
    "command": ["make", "release"],
    "materials": [{"name": "src", "digest": {"sha256": "ee" * 32}}],
    "byproducts": {"return-value": 0, "stdout": "password=hunter2", "stderr": ""},
    "environment": {"TOKEN": "hunter2"},
}
CYCLONEDX = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.6",
    "serialNumber": "urn:uuid:1",
    "version": 1,
    "metadata": {
        "timestamp": "2026-11-20T08:44:00Z",
        "tools": {"components": [{"type": "application", "name": "syft", "version": "1.18.0"}]},
        "component": {"bom-ref": "a", "type": "application", "name": "billing-api", "version": "4.12.0-rc.3"},
    },
    "components": [{"type": "library", "name": "left-pad", "version": "1.3.0"}],
    "dependencies": [],
}
SPDX = {
    "spdxVersion": "SPDX-2.3",
    "SPDXID": "SPDXRef-DOCUMENT",
    "name": "billing-api",
    "dataLicense": "CC0-1.0",
    "documentNamespace": "https://sboms.example/1",
    "creationInfo": {
        "created": "2026-11-20T08:44:00Z",
        "creators": ["Organization: Acme", "Tool: syft-1.18.0"],
        "licenseListVersion": "3.25",
    },
    "packages": [
        {"SPDXID": "SPDXRef-a", "name": "billing-api", "versionInfo": "4.12.0-rc.3", "primaryPackagePurpose": "APPLICATION"},
        {"SPDXID": "SPDXRef-b", "name": "left-pad", "versionInfo": "1.3.0"},
    ],
    "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-a"}],
}

# Predicate type, predicate, what it claims, and the members whose removal must be told.
CASES = {
    "vsa-v1": (
        "https://slsa.dev/verification_summary/v1",
        VSA,
        {
            "tool.name": "https://verifier.example/v1",
            "produced_at": "2026-11-20T08:41:00Z",
            "verdict": "PASSED",
            "artifact.reference": VSA["resourceUri"],
        },
        ["verifier", "verifier/id", "resourceUri", "verificationResult"],
    ),
    "vsa-v0.1": (
        "https://slsa.dev/verification_summary/v0.1",
        VSA_01,
        {
            "tool.name": "https://verifier.example/v1",
            "produced_at": "2026-11-20T08:41:00Z",
            "verdict": "FAILED",
            "artifact.reference": "pkg:oci/billing-api",
        },
        ["verifier/id", "resource_uri", "verification_result"],
    ),
    "test-result": ("https://in-toto.io/attestation/test-result/v0.1", TESTS, {"verdict": "PASSED"}, ["result"]),
    "vulns-v0.2": (
        "https://in-toto.io/attestation/vulns/v0.2",
        SCAN,
        {
            "tool.name": "pkg:github/aquasecurity/trivy@v0.58",
            "tool.version": "0.58.0",
            "database_at": "2026-11-20T06:00:00Z",
            "started_at": "2026-11-20T08:42:00Z",
            "finished_at": "2026-11-20T08:43:00Z",
        },
        ["scanner"],
    ),
    "cosign-vuln": ("https://cosign.sigstore.dev/attestation/vuln/v1", COSIGN_SCAN, {"tool.version": "0.58.0"}, ["scanner"]),
    "release": (
        "https://in-toto.io/attestation/release/v0.1",
        RELEASE,
        {"candidate.version": "4.12.0-rc.3", "artifact.reference": "pkg:npm/%40acme-pay/billing@4.12.0-rc.3"},
        [],
    ),
    "npm-publish": (
        "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
        PUBLISH,
        {"candidate.version": "4.12.0-rc.3"},
        ["name", "version"],
    ),
    "scai": (
        "https://in-toto.io/attestation/scai/attribute-report/v0.2",
        SCAI,
        {"tool.name": "builder"},
        ["attributes", "attributes/*/attribute"],
    ),
    "link": ("https://in-toto.io/attestation/link/v0.3", LINK, {"verdict": "zero"}, ["name"]),
    "cyclonedx": (
        "https://cyclonedx.org/bom/v1.6",
        CYCLONEDX,
        {"produced_at": "2026-11-20T08:44:00Z", "tool.name": "syft", "tool.version": "1.18.0", "candidate.version": "4.12.0-rc.3"},
        ["bomFormat", "specVersion"],
    ),
    "spdx": (
        "https://spdx.dev/Document",
        SPDX,
        {"produced_at": "2026-11-20T08:44:00Z", "tool.name": "syft-1.18.0", "candidate.version": "4.12.0-rc.3"},
        ["spdxVersion", "creationInfo"],
    ),
}


def statement(predicate_type, predicate, subject=SUBJECT):
    value = {"_type": "https://in-toto.io/Statement/v1", "subject": subject, "predicateType": predicate_type, "predicate": predicate}
    return orjson.dumps(value)


def read(predicate_type, predicate):
    return extract(statement(predicate_type, predicate), "in-toto-statement@v1")


@pytest.mark.parametrize("case", CASES)
def test_each_predicate_says_what_it_says_and_all_of_it_is_accounted_for(case):
    predicate_type, predicate, expected, _ = CASES[case]
    extraction = read(predicate_type, predicate)
    for field, value in expected.items():
        assert claims(extraction, field) == [value], field
    assert [
        claim["locator"]
        for claim in rows(extraction, "claims")
        if not claim["locator"].startswith(("json-pointer:/predicate/", "json-pointer:/subject/"))
    ] == []
    assert problems(extraction) == []
    assert not_understood(extraction) == []
    assert "hunter2" not in str([table.to_pylist() for table in extraction.tables.values()])


@pytest.mark.parametrize("case", CASES)
def test_an_unknown_member_of_a_predicate_is_not_understood(case):
    predicate_type, predicate, _, _ = CASES[case]
    assert not_understood(read(predicate_type, predicate | {"surprise": 1})) == ["/predicate/surprise"]


@pytest.mark.parametrize("case", CASES)
def test_drift_of_a_predicate_is_told(case):
    predicate_type, predicate, _, required = CASES[case]
    joined = {"verdict", "artifact.reference", "tool.name"}  # of a VSA's two spellings, and of a producer's name or else its URI
    drift.assert_drift_is_told(statement(predicate_type, predicate), [f"/predicate/{key}" for key in required], joined=joined)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://slsa.dev/provenance/v1", ("slsa.dev/provenance", "v1")),
        ("https://slsa.dev/provenance/v1.0", ("slsa.dev/provenance", "v1")),
        ("https://slsa.dev/provenance/v1.0?draft", ("slsa.dev/provenance", "v1")),
        ("slsa.dev/provenance/v0.2", ("slsa.dev/provenance", "v0.2")),
        ("cosign.sigstore.dev/attestation/vuln/v1", ("cosign.sigstore.dev/attestation/vuln", "v1")),
        ("https://spdx.dev/Document", ("spdx.dev/Document", "")),
        ("https://spdx.dev/Document/v2.3", ("spdx.dev/Document", "v2.3")),
        ("https://source.example/provenance/v1-draft", ("source.example/provenance/v1-draft", "")),
        ("", ("", "")),
    ],
)
def test_spellings_of_a_predicate_type(text, expected):
    assert table.split(text) == expected


def test_an_unknown_version_of_a_known_predicate_is_told_and_not_opened():
    extraction = read("https://slsa.dev/verification_summary/v2", VSA)
    assert claims(extraction, "verdict") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/predicateType")]
    assert {loss["rule"] for loss in rows(extraction, "losses") if loss["path"].startswith("/predicate/")} == {"predicate-not-opened"}


def test_a_verifiers_verdict_is_of_the_resource_it_names():
    [verdict] = [claim for claim in rows(read("https://slsa.dev/verification_summary/v1", VSA), "claims") if claim["field"] == "verdict"]
    assert (verdict["subject"], verdict["vocabulary"]) == (VSA["resourceUri"], "slsa-verification-result")


def test_a_verified_source_is_a_repository():
    extraction = read(
        "https://slsa.dev/verification_summary/v1", VSA | {"resourceUri": "git+https://github.com/acme-pay/billing-api@refs/heads/main"}
    )
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "artifact.reference") == []


@pytest.mark.parametrize("result", ["PASSED", "WARNED"])
def test_a_result_that_is_not_failed_beside_failed_tests_is_a_contradiction(result):
    extraction = read("https://in-toto.io/attestation/test-result/v0.1", TESTS | {"result": result, "failedTests": ["load"]})
    assert claims(extraction, "verdict") == [result]
    assert problems(extraction) == [("CONTRADICTION", "json-pointer:/predicate/failedTests")]


def test_gos_zero_time_is_no_time():
    scan = copy.deepcopy(SCAN)
    scan["metadata"] = {"scanStartedOn": "0001-01-01T00:00:00Z", "scanFinishedOn": "0001-01-01T00:00:00Z"}
    scan["scanner"]["db"]["lastUpdate"] = "0001-01-01T00:00:00Z"
    extraction = read("https://cosign.sigstore.dev/attestation/vuln/v1", scan)
    for field in ("started_at", "finished_at", "database_at"):
        assert claims(extraction, field) == []
    assert problems(extraction) == []


def test_the_run_that_tested_or_scanned_is_not_the_run_that_built():
    for predicate_type, predicate in ((CASES["test-result"][:2]), CASES["cosign-vuln"][:2]):
        extraction = read(predicate_type, predicate)
        assert claims(extraction, "build.id") == claims(extraction, "build.url") == []


def test_the_version_of_a_released_image_is_its_digest():
    purl = f"pkg:oci/billing-api@sha256%3A{'5f' * 32}?repository_url=registry.example/billing-api&tag=v4.12.0-rc.3"
    extraction = read("https://in-toto.io/attestation/release/v0.1", {"purl": purl})
    assert claims(extraction, "candidate.version") == []
    assert claims(extraction, "artifact.digest") == ["sha256:" + "5f" * 32] * 2


def test_a_release_that_github_attests_names_its_repository_and_tag():
    release = {"purl": "pkg:github/acme-pay/billing-api@v4.12.0-rc.3", "repository": "acme-pay/billing-api", "tag": "v4.12.0-rc.3"}
    ids = {"ownerId": "398027", "releaseId": "222158671", "repositoryId": "905988044"}
    extraction = read("https://in-toto.io/attestation/release/v0.1", release | ids)
    assert claims(extraction, "candidate.tag") == ["v4.12.0-rc.3"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert not_understood(extraction) == []


def test_a_purl_that_is_none_is_told():
    extraction = read("https://in-toto.io/attestation/release/v0.1", {"purl": "billing-api 4.12.0"})
    assert claims(extraction, "candidate.version") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/predicate/purl")]


@pytest.mark.parametrize(("status", "word"), [(0, "zero"), (1, "not-zero"), (137, "not-zero"), (-9, "not-zero")])
def test_only_an_exit_status_of_zero_is_one(status, word):
    extraction = read("https://in-toto.io/attestation/link/v0.3", LINK | {"byproducts": {"return-value": status}})
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["source_value"]) == (word, str(status))


@pytest.mark.parametrize("status", ["0", True, [], {}, 0.0])
def test_a_return_value_that_is_no_whole_number_is_told_or_not_zero(status):
    extraction = read("https://in-toto.io/attestation/link/v0.3", LINK | {"byproducts": {"return-value": status}})
    assert claims(extraction, "verdict") in ([], ["not-zero"])


def test_packages_of_an_sbom_inside_an_attestation_are_no_rows_and_the_ledger_says_so():
    for case in ("cyclonedx", "spdx"):
        extraction = read(*CASES[case][:2])
        assert "packages" not in extraction.tables
        assert "inventory-not-opened" in {loss["rule"] for loss in rows(extraction, "losses")}


def test_a_bom_that_older_cosign_wrapped_is_read():
    extraction = read("https://cyclonedx.org/bom", {"Data": CYCLONEDX, "Timestamp": "2026-11-20T08:44:00Z"})
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert problems(extraction) == []


def test_a_version_that_is_an_image_digest_is_a_digest():
    bom = copy.deepcopy(CYCLONEDX)
    bom["metadata"]["component"] |= {"type": "container", "version": "sha256:" + "5f" * 32}
    extraction = read("https://cyclonedx.org/bom", bom)
    assert claims(extraction, "candidate.version") == []
    assert claims(extraction, "artifact.digest") == ["sha256:" + "5f" * 32] * 2


def test_an_spdx_document_that_describes_nothing_names_no_version():
    assert claims(read("https://spdx.dev/Document", SPDX | {"relationships": []}), "candidate.version") == []


@pytest.mark.parametrize(
    ("build_type", "runs"),
    [
        ("https://actions.github.io/buildtypes/workflow/v1", ["77"]),
        ("https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md", []),
        ("https://gitlab.com/gitlab-org/gitlab-runner/-/blob/v17.0.0/PROVENANCE.md", []),
        ("tekton.dev/v1/TaskRun", []),
    ],
)
def test_an_invocation_that_is_none_of_the_ci_run_names_no_run(build_type: str, runs: list[str]) -> None:
    """BuildKit's own invocation beside the run's id would contradict every manifest that names the run."""
    predicate = {
        "buildDefinition": {"buildType": build_type, "externalParameters": {}},
        "runDetails": {"builder": {"id": "https://builder.example"}, "metadata": {"invocationId": "77"}},
    }
    found = read("https://slsa.dev/provenance/v1", predicate)
    assert claims(found, "build.id") == runs
