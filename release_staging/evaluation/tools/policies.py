"""Policy engines: PolicyReport of Kyverno, Conftest, Checkov, OpenSSF Scorecard."""

from __future__ import annotations

from typing import Any

from release_staging.evaluation.documents import Written, json_document, yaml_document, z
from release_staging.evaluation.worlds import World

_SOURCE = "policy_checks"
_RULES = (
    ("require-image-digest", "image-has-digest", "high"),
    ("restrict-image-registries", "known-registry", "high"),
    ("require-run-as-nonroot", "run-as-non-root", "medium"),
    ("require-requests-limits", "validate-resources", "low"),
    ("disallow-latest-tag", "validate-tag", "medium"),
)


def policy_report(world: World) -> Written:
    rules = _RULES[: world.number("policies", 2, len(_RULES))]
    seconds = int(world.after(30).timestamp())
    uid = world.uuid("deployment")
    results = [
        {
            "category": "Best practice",
            "message": f"rule {rule} passed",
            "policy": policy,
            "result": "pass",
            "rule": rule,
            "scored": True,
            "severity": severity,
            "source": "kyverno",
            "timestamp": {"nanos": 0, "seconds": seconds},
        }
        for policy, rule, severity in rules
    ]
    tree = {
        "apiVersion": "wgpolicyk8s.io/v1alpha2",
        "kind": "PolicyReport",
        "metadata": {
            "creationTimestamp": z(world.after(30)),
            "generation": 2,
            "labels": {"app.kubernetes.io/managed-by": "kyverno"},
            "name": uid,
            "namespace": "apps",
            "resourceVersion": "55104817",
            "uid": world.uuid("report"),
        },
        "results": results,
        "scope": {"apiVersion": "apps/v1", "kind": "Deployment", "name": world.service.name, "namespace": "apps", "uid": uid},
        "summary": {"error": 0, "fail": 0, "pass": len(results), "skip": 0, "warn": 0},
    }
    made = yaml_document(
        world.path("policy", "policyreport.yaml"),
        _SOURCE,
        "policyreport",
        tree,
        time=tuple(f"/results/{number}/timestamp/seconds" for number in range(len(results))),
        status="/results/0/result",
        count="/summary/pass",
        format="/apiVersion",
        rows="/results",
        text="/results/0/message",
    )
    return made.said(environment="staging-eu")


def conftest(world: World) -> Written:
    tree = [
        {"filename": f"config/{target}/values.yaml", "namespace": "main", "successes": world.number(target, 3, 12)}
        for target in world.targets
    ]
    return json_document(world.path("policy", "conftest.json"), _SOURCE, "conftest-json", tree, total="/0/successes")


def checkov(world: World) -> Written:
    passed = [_check(world, number, "PASSED") for number in range(world.number("checks", 3, 9))]
    skipped = [_check(world, 40, "SKIPPED")]
    tree = {
        "check_type": "terraform",
        "results": {"passed_checks": passed, "failed_checks": [], "skipped_checks": skipped, "parsing_errors": []},
        "summary": {
            "passed": len(passed),
            "failed": 0,
            "skipped": 1,
            "parsing_errors": 0,
            "resource_count": 2,
            "checkov_version": "3.2.497",
        },
        "url": "Add an api key to see more detailed insights",
    }
    return json_document(
        world.path("policy", "checkov.json"),
        _SOURCE,
        "checkov-json",
        tree,
        status="/results/passed_checks/0/check_result/result",
        count="/summary/passed",
        text="/results/passed_checks/0/check_name",
    )


def scorecard(world: World) -> Written:
    names = ("Binary-Artifacts", "Branch-Protection", "CI-Tests", "Code-Review", "Maintained", "Vulnerabilities")
    tree = {
        "date": z(world.after(15)),
        "repo": {"name": world.service.repository.removeprefix("https://"), "commit": world.commit},
        "scorecard": {"version": "v5.3.0", "commit": world.hex("scorecard", 40)},
        "score": 9.1,
        "checks": [
            {
                "details": None,
                "score": 10,
                "reason": f"{name} is as it should be",
                "name": name,
                "documentation": {"url": f"https://example.com/checks.md#{name.lower()}", "short": f"Determines {name}."},
            }
            for name in names
        ],
        "metadata": None,
    }
    return json_document(
        world.path("policy", "scorecard.json"),
        _SOURCE,
        "scorecard-json",
        tree,
        time="/date",
        commit="/repo/commit",
        repository="/repo/name",
        rows="/checks",
        text="/checks/0/reason",
    )


def _check(world: World, number: int, result: str) -> dict[str, Any]:
    return {
        "check_id": f"CKV_AWS_{number + 10}",
        "bc_check_id": f"BC_AWS_{number + 10}",
        "check_name": f"Ensure property {number} is set",
        "check_result": {"result": result, "evaluated_keys": [f"property_{number}"]},
        "code_block": None,
        "file_path": "/main.tf",
        "file_abs_path": "/build/main.tf",
        "repo_file_path": "/infra/main.tf",
        "file_line_range": [1, 9],
        "resource": f"aws_sqs_queue.{world.service.name.replace('-', '_')}",
        "evaluations": None,
        "check_class": "checkov.terraform.checks.Example",
        "severity": None,
        "guideline": None,
    }
