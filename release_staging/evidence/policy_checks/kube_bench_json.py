"""kube-bench results in JSON (``kube-bench --json``): an object with ``Controls`` and ``Totals``, or, as kube-bench wrote them
before 0.3.1, the bare array of controls or the controls of one node type alone.

A row for each test. Words of "kube-bench-state": PASS, FAIL, WARN, INFO. WARN stands for what a person must check by hand: it is
neither passed nor failed. A failing test that is not scored is still a failing test. Totals are compared with a recount. What
audits printed (command lines, file contents) is not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from release_staging.evidence.policy_checks import recount
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_CONTROLS = ("node_type", "tests", "version")
_STATES = ("PASS", "FAIL", "WARN", "INFO")


def recognise(head: Head) -> str | None:
    controls = head if head.has(*_CONTROLS) else Head(head.encoding, head.get("Controls", 0) or head.get(0))
    return "" if controls.has(*_CONTROLS) else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    counted: Counter[str] = Counter()
    for controls in _all_controls(root):
        of_controls: Counter[str] = Counter()
        for group in controls.items("tests", required=True):
            of_controls += _read_group(group, controls, out)
        _compare(controls, "total_", of_controls)
        counted += of_controls
    if not isinstance(root.raw, list):
        _compare(root.object("Totals"), "total_", counted)
    if not counted:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; nothing checked is not everything passed", root)


def _all_controls(root: Node) -> Iterable[Node]:
    if isinstance(root.raw, list):
        return root.items()
    return [root] if root["tests"].exists else root.items("Controls", required=True)


def _read_group(group: Node, controls: Node, out: Extract) -> Counter[str]:
    counted: Counter[str] = Counter()
    for test in group.items("results", required=True):
        state = test.text("status", required=True)
        counted[state or ""] += 1
        out.row(
            "policy_results",
            test,
            policy=controls.text("version"),
            rule=test.text("test_number", required=True),
            resource=controls.text("node_type"),
            status=state,
            vocabulary="kube-bench-state",
        )
    _compare(group, "", counted)
    return counted


def _compare(totals: Node, prefix: str, counted: Counter[str]) -> None:
    for state in _STATES:
        recount.check(totals, prefix + state.lower(), counted[state], f"tests with the state {state}")


def _each(*patterns: str) -> tuple[str, ...]:
    return tuple(start + pattern for start in ("/Controls/*", "/*", "") for pattern in patterns)


READER = Reader(
    source="policy_checks",
    format="kube-bench-json",
    title="kube-bench results (JSON)",
    reference="aquasecurity/kube-bench, check/controls.go and check/check.go",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "audit-output": _each(
            *(f"/tests/*/results/*/{key}" for key in ("actual_value", "expected_result", "reason", "audit", "AuditEnv", "AuditConfig")),
        ),
        "test-text": _each(
            *(f"/tests/*/results/*/{key}" for key in ("test_desc", "type", "remediation", "test_info/**", "scored", "IsMultiple")),
        ),
        "group-text": _each("/id", "/text", "/detected_version", "/tests/*/section", "/tests/*/desc", "/tests/*/type"),
    },
)
