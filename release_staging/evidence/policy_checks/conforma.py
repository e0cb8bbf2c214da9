"""Conforma (Enterprise Contract) report of an image validation (``ec validate image --output json``, also YAML).

One component is one image: its reference and digest, and the repository and revision it was built from where the snapshot says
so, are claims with the component's name as subject. Words of "conforma-result", made after the lists' names: violation, warning,
success; and true, false, the report's own verdict. Successes are listed only with ``--show-successes``: without them one row at
``success: true`` stands for all. A rule that takes effect later is a warning until then. Messages may quote anything and are not
read. The effective time is that of the policy and may be set by hand: it is no time of the evidence.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree, besides
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_LISTS = {"violations": "violation", "warnings": "warning", "successes": "success"}
_VOCABULARY = "conforma-result"


def recognise(head: Head) -> str | None:
    return "" if head.has("success", "components", "ec-version") else None


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    out.claim("tool.version", report["ec-version"])
    out.claim("verdict", report["success"], vocabulary=_VOCABULARY, accept=(bool,), required=True)
    components = list(report.items("components", required=True))
    failed = [component for component in components if _read_component(component, out) is False]
    if failed and report["success"].raw is True:
        message = "the report is a success, and a component of it is none"
        out.problem(Code.CONTRADICTION, message, report["success"], expected="false", found="true")
    if not components:
        out.problem(Code.EVIDENCE_EMPTY, "no image was validated; nothing checked is not everything passed", report["components"])


def _read_component(component: Node, out: Extract) -> bool | None:
    name, image = component.text("name"), component.text("containerImage", required=True)
    out.claim("artifact.reference", component["containerImage"], subject=name)
    reference, at, digest = (image or "").rpartition("@")
    if at:
        out.claim("artifact.digest", component["containerImage"], value=digest, subject=reference)
    git = component.object("source").object("git")
    out.claim("repository.url", git["url"], subject=name)
    out.claim("candidate.commit", git["revision"], subject=name)
    counted = {key: _read_results(component, key, word, image, out) for key, word in _LISTS.items()}
    success = component.flag("success", required=True)
    if success and not counted["successes"]:
        out.row("policy_results", component["success"], resource=image, status="success", vocabulary=_VOCABULARY)
    if success is not None and success == bool(counted["violations"]):
        message = f"success is {str(success).lower()}, with {counted['violations']} violations listed"
        out.problem(Code.CONTRADICTION, message, component["success"])
    return success


def _read_results(component: Node, key: str, word: str, image: str | None, out: Extract) -> int:
    count = 0
    for count, result in enumerate(component.items(key), start=1):
        code = result.object("metadata").text("code")
        package = code.rpartition(".")[0] if code else None
        out.row("policy_results", result, policy=package or None, rule=code, resource=image, status=word, vocabulary=_VOCABULARY)
    return count


def _of_results(*keys: str) -> tuple[str, ...]:
    return tuple(f"/components/*/{listed}/*/{key}" for listed in _LISTS for key in keys)


READER = Reader(
    source="policy_checks",
    format="conforma",
    title="Conforma (Enterprise Contract) report",
    reference="Conforma documentation, ec validate image; conforma/cli internal/applicationsnapshot/report.go",
    encodings=(JSON, YAML),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "result-text": _of_results("msg", *besides("c", "metadata"), "metadata/collections/**", "outputs/**"),
        "build-source-detail": ("/components/*/source/git/context", "/components/*/source/git/dockerfileUrl"),
        "signatures": ("/components/*/signatures/**", "/components/*/attestations/**", "/key"),
        "policy-source": ("/policy/**", "/policy-input/**"),
        "effective-time": ("/effective-time",),
        "snapshot": ("/snapshot",),
    },
)
