"""Terraform and OpenTofu plan, as ``terraform show -json PLANFILE`` prints it (JSON Output Format, plan representation).

A plan holds every value in clear, also those it marks as sensitive: values are compared here and never copied. Rows of
``config_changes``: one for each resource or output that changes (``key`` is null, ``file`` is its address), and one for
each attribute that changes (``key`` is its path, ``tags.Name`` or ``ingress[0].port``). Below a place that is marked
sensitive as a whole, member names may be secrets too: the row then stands for the place.

``sensitive`` is null where the plan carries no marks (format version 0.1 may leave them out). The vocabulary of ``verdict``,
"terraform-plan", has three words of our own for the plan's flags: ``errored``, ``incomplete`` (changes were deferred) and
``planned``.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType
from typing import Any

from release_staging.evidence.extract import MISSING
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

Path = tuple[str | int, ...]

_ACTIONS = {
    ("create",): "added",
    ("delete",): "removed",
    ("forget",): "removed",
    ("update",): "changed",
    ("delete", "create"): "replaced",
    ("create", "delete"): "replaced",
    ("create", "forget"): "replaced",
    ("no-op",): None,
    ("read",): None,  # a data source is read during apply; nothing is changed
}
_ENVIRONMENT_VARIABLES = ("environment", "env")
_MARKS = ("before_sensitive", "after_sensitive")
_KEY_CHARS = 200


def recognise(head: Head) -> str | None:
    planned = head.has("planned_values") or head.has("resource_changes") or head.has("output_changes")
    version = head.text("format_version")
    return version if planned and version and not head.has("values") else None


def read(tree: Tree, out: Extract) -> None:
    plan = tree.root
    plan.text("format_version")
    out.claim("tool.version", plan["terraform_version"])
    out.claim("produced_at", plan["timestamp"])
    _claim_verdict(plan, out)
    environment = _claim_environment(plan, out)
    marked = plan["format_version"].raw != "0.1"
    for resource in plan.items("resource_changes", required=_holds_resources(plan)):
        address = resource.text("address", required=True)
        resource.text("mode")
        _read_change(resource, resource["change"], address, environment, marked, out)
    for name, change in plan.entries("output_changes"):
        _read_change(change, change, f"output.{name}", environment, marked, out)
    _conceal_keys(plan)


def _claim_verdict(plan: Node, out: Extract) -> None:
    errored, complete = plan.flag("errored"), plan.flag("complete")
    if errored is False and complete is False:
        out.claim("verdict", plan["complete"], value="incomplete", vocabulary="terraform-plan", accept=(bool,))
    elif errored is not None:
        out.claim("verdict", plan["errored"], value="errored" if errored else "planned", vocabulary="terraform-plan", accept=(bool,))


def _claim_environment(plan: Node, out: Extract) -> str | None:
    """The environment, where a variable of that name holds a text; a plan says it nowhere else."""
    found = None
    for name in _ENVIRONMENT_VARIABLES:
        value = plan.at("variables", name, "value")
        if isinstance(value.raw, str):
            out.claim("environment.observed", value)
            found = found or value.raw
    return found


def _conceal_keys(plan: Node) -> None:
    """Keys inside values are data, and may be as secret as these: in the ledger they are ``*``."""
    changes = (plan.at("resource_changes", 0, "change"), plan.at("output_changes", "*"))
    places = [change[side] for change in changes for side in ("before", "after", "after_unknown", *_MARKS)]
    places += [plan[name] for name in ("variables", "planned_values", "prior_state", "configuration", "resource_drift")]
    for place in places:
        place.shape.conceal()


def _holds_resources(plan: Node) -> bool:
    """Whether the plan lists resources elsewhere: then leaving out ``resource_changes`` is not the same as no changes."""
    modules = (plan.at("planned_values", "root_module"), plan.at("prior_state", "values", "root_module"))
    return any(module[key].raw not in (MISSING, None, []) for module in modules for key in ("resources", "child_modules"))


def _read_change(place: Node, change: Node, address: str | None, environment: str | None, marked: bool, out: Extract) -> None:
    for side in ("before", "after", "after_unknown"):
        change.summarise(side, rule="compared-values")
    for side in _MARKS:
        change[side].mark()
    words = tuple(word.raw for word in change.items("actions", required=True) if isinstance(word.raw, str))
    change["actions"][0].mark()
    if words not in _ACTIONS:
        out.drift(change["actions"], "one of the known combinations of plan actions")
    action = _ACTIONS.get(words, "changed")
    if action is None:
        return
    common = {"environment": environment, "file": address}
    marks = [change[name].raw for name in _MARKS if change[name].exists]
    rows = list(_leaf_changes(change, marks)) if _is_whole(change, place is not change, marked or bool(marks), out) else []
    any_sensitive = any(sensitive for *_, sensitive in rows) if marks else None
    out.row("config_changes", place, common, action=action, sensitive=any_sensitive)
    for side, path, word, sensitive in rows:
        out.row("config_changes", change.at(side, *path), common, key=_key(path), action=word, sensitive=sensitive if marks else None)


def _is_whole(change: Node, of_resource: bool, marked: bool, out: Extract) -> bool:
    """Whether all that a comparison needs is there; what is missing is drift, and attributes compared without it would be wrong."""
    kinds: dict[str, tuple[tuple[type, ...], str]] = {}
    if of_resource:  # of an output, values may be anything, and ``after`` is left out while it is unknown
        kinds |= dict.fromkeys(("before", "after"), ((dict, NoneType), "an object or null")) | {"after_unknown": ((dict,), "an object")}
    if marked:
        kinds |= dict.fromkeys(_MARKS, ((dict, list, bool), "marks of sensitive values"))
    wrong = [(name, expected) for name, (types, expected) in kinds.items() if not isinstance(change[name].raw, types)]
    for name, expected in wrong:
        out.drift(change[name], expected)
    return not wrong


def _leaf_changes(change: Node, marks: list[Any]) -> Iterator[tuple[str, Path, str, bool]]:
    """``(side, path, action, sensitive)`` of each attribute that differs; ``side`` is the member of the change it stands in."""
    unknown = {path for path, leaf in _leaves(change["after_unknown"].raw, ()) if leaf is True and path}
    stops = unknown | {path for mark in marks for path, leaf in _leaves(mark, ()) if leaf is True}
    before, after = (dict(_leaves(change[side].raw, (), stops)) for side in ("before", "after"))
    for path in sorted({*before, *after, *unknown}, key=_in_order):
        old, new = before.get(path), after.get(path)
        if path in unknown:
            side, word = "after_unknown", "changed" if old is not None else "added"
        elif repr(old) == repr(new):  # numbers keep their text and are equal to none but themselves
            continue
        elif new is None:
            side, word = "before", "removed"
        else:
            side, word = "after", "changed" if old is not None else "added"
        if path or side != "after_unknown":
            yield side, path, word, any(_is_marked(mark, path) for mark in marks)


def _leaves(value: Any, path: Path, stops: set[Path] | frozenset[Path] = frozenset()) -> Iterator[tuple[Path, Any]]:
    """Every leaf that is set, with its path; a place in ``stops`` is a leaf as a whole. Empty containers say nothing."""
    if value is None or value is MISSING:
        return
    if path not in stops and isinstance(value, dict):
        for name, below in value.items():
            yield from _leaves(below, (*path, name), stops)
    elif path not in stops and isinstance(value, list):
        for index, below in enumerate(value):
            yield from _leaves(below, (*path, index), stops)
    else:
        yield path, value


def _in_order(path: Path) -> list[tuple[int, str]]:
    return [(token, "") if isinstance(token, int) else (-1, token) for token in path]


def _is_marked(mark: Any, path: Path) -> bool:
    """Whether ``mark``, shaped like the value it marks, is true at ``path`` or above it."""
    for token in path:
        if isinstance(mark, dict):
            mark = mark.get(str(token))
        elif isinstance(mark, list) and isinstance(token, int):
            mark = mark[token] if token < len(mark) else None
        else:
            break
    return mark is True


def _key(path: Path) -> str | None:
    text = "".join(f"[{token}]" if isinstance(token, int) else f".{token}" for token in path)
    return text.lstrip(".")[:_KEY_CHARS] or None


READER = Reader(
    source="config_diffs",
    format="terraform-plan-json",
    title="Terraform plan (JSON)",
    reference="Terraform JSON Output Format, plan representation",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    versions=("0.1", "0.2", "1.0", "1.1", "1.2"),
    drops={
        "variable-value": ("/variables/*/**",),
        "planned-state": ("/planned_values/**",),
        "prior-state": ("/prior_state/**",),
        "configuration": ("/configuration/**",),
        "resource-detail": (
            "/resource_changes/*/type",
            "/resource_changes/*/name",
            "/resource_changes/*/provider_name",
            "/resource_changes/*/module_address",
            "/resource_changes/*/index",
            "/resource_changes/*/tainted",
            "/resource_changes/*/deposed",
            "/resource_changes/*/previous_address",
            "/resource_changes/*/action_reason",
            "/resource_changes/*/change/replace_paths/**",
            "/resource_changes/*/change/importing/**",
            "/resource_changes/*/change/generated_config",
            "/resource_changes/*/change/*_identity/**",
        ),
        "relevance": ("/relevant_attributes/**", "/applyable"),
    },
    summarises={
        "drift-outside-terraform": ("/resource_drift/**",),
        "check-results": ("/checks/**",),
        "deferred-changes": ("/deferred_changes/**",),
    },
)
