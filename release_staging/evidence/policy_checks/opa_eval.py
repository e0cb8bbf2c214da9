"""Result of a query to Open Policy Agent (``opa eval --format json``).

What a value means is defined by the policy. Read are rules with the names that policies use by convention: ``deny`` and
``violation`` (each element is one result, an empty set is none), ``warn``, and ``allow``; wherever they stand in the value
of a package. Words of "opa-eval", made by this reader: violation, warning, satisfied (an empty set of these), allowed,
denied, error, and policy-defined for a value that only its policy can explain: that is neither a pass nor a failure.
Values are not copied.

An undefined query gives ``{}`` or an empty result: it does not show that it came from OPA and is not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_REFERENCE = re.compile(r"(?:\w+\s*:?=\s*)?(?P<path>data(?:\.\w+)*)(?:\[\w+\])?\s*\Z", re.ASCII)
_RULES = {
    "deny": ("violation", "satisfied"),
    "violation": ("violation", "satisfied"),
    "violations": ("violation", "satisfied"),
    "warn": ("warning", "satisfied"),
    "allow": ("allowed", "denied"),
    "allowed": ("allowed", "denied"),
}
_SETS = {word for word, _ in _RULES.values()} - {"allowed"}


def recognise(head: Head) -> str | None:
    if isinstance(head.get("result", 0, "expressions"), list):
        return ""
    return "" if head.text("errors", 0, "code").startswith("rego_") else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    for error in root.items("errors"):
        out.row("policy_results", error, rule=error.text("code", required=True), status="error", vocabulary="opa-eval")
    found = False
    for result in root.items("result", required=not root["errors"].exists):
        for expression in result.items("expressions", required=True):
            found = True
            _read_expression(expression, out)
    if not found and not root["errors"].exists:
        out.problem(Code.EVIDENCE_EMPTY, "the query is undefined; nothing decided is not everything passed", root["result"])


def _read_expression(expression: Node, out: Extract) -> None:
    text = expression.text("text", required=True)
    value = expression["value"]
    value.summarise(rule="decision-value")
    if not value.exists:
        out.drift(value, "the value of the expression")
    reference = _REFERENCE.match(text) if text else None
    path = reference["path"].split(".") if reference else []
    results = list(_results(value, path)) if value.exists else []
    for place, (*package, rule), word in results:
        out.row("policy_results", place, policy=".".join(package), rule=rule, status=word, vocabulary="opa-eval")
    if not results:
        out.row("policy_results", expression, rule=".".join(path) or None, status="policy-defined", vocabulary="opa-eval")
    _conceal_keys(value)


def _results(value: Node, path: list[str]) -> Iterator[tuple[Node, list[str], str]]:
    """``(place, path of the rule, word)`` of each result in the value of ``path``: the rule itself, or rules of a package."""
    words = _RULES.get(path[-1]) if path else None
    raw = value.raw
    if words is None:
        for name in raw if path and isinstance(raw, dict) else ():
            yield from _results(value[name], [*path, name])
    elif isinstance(raw, bool):
        yield value, path, words[0] if raw else words[1]
    elif words[0] in _SETS and isinstance(raw, list | dict):
        for number in range(len(raw)):  # keys of an object are data: its elements are located at the object
            yield value[number] if isinstance(raw, list) else value, path, words[0]
        if not raw:
            yield value, path, words[1]


def _conceal_keys(value: Node) -> None:
    """Keys inside values are data: in the ledger they are ``*``."""
    value.shape.conceal()


READER = Reader(
    source="policy_checks",
    format="opa-eval",
    title="Open Policy Agent query result (JSON)",
    reference="OPA documentation, CLI, opa eval; Policy Reference",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "place-in-query": ("/result/*/expressions/*/location/**", "/errors/*/location/**"),
        "error-text": ("/errors/*/message", "/errors/*/details/**"),
        "query-bindings": ("/result/*/bindings/**",),
        "evaluation-trace": ("/metrics/**", "/profile/**", "/explanation/**", "/coverage/**", "/aggregated_metrics/**"),
    },
)
