"""CDEvents (``dev.cdevents.<subject>.<predicate>.<version>``, specification 0.1 to 0.6), bare or as data of a CloudEvent: one event, an
array, or one a line.

Runs of pipelines, tasks, builds and tests are rows; artifacts and deployed services claim the digest in their package URL. An event says
one moment: ``queued`` and ``started`` are rows only where no event says how the same run ended. The words of ``cdevents-outcome`` are
those of ``outcome``, and the predicate where an event has none. Events of other subjects (changes, tickets, incidents …) are left out: a
document with nothing else says nothing of a pipeline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from packageurl import PackageURL

from release_staging.evidence.pipeline_runs.runs import Claims, first_node, prefixed
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_VOCABULARY = "cdevents-outcome"
_TYPE = re.compile(r"dev\.cdevents\.(?P<subject>[a-z]+)\.(?P<predicate>[a-z]+)\.\d+\.\d+\.\d+")
_PREFIXES = ("dev.cdevents.", "dev.cdeventsx.")
_VERSION = re.compile(r"\d+\.\d+")
_DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})\Z")
_KINDS = {"pipelinerun": "run", "taskrun": "job", "build": "job", "testsuiterun": "job", "testcaserun": "step"}
_NAMES = {
    "pipelinerun": ("pipelineName",),
    "taskrun": ("taskName",),
    "testsuiterun": ("testSuite", "name"),
    "testcaserun": ("testCase", "name"),
}
_ARTIFACTS = ("artifact", "service", "build")
_OVER = ("finished", "skipped")


def recognise(head: Head) -> str | None:
    event = head.get(0) if isinstance(head.root, list) else head.root
    context = _context(event) or {}
    version = context.get("specversion") or context.get("version")
    found = _VERSION.match(version) if isinstance(version, str) else None
    return found[0] if found and str(context.get("type", "")).startswith(_PREFIXES) else None


def _context(event: object) -> dict[str, object] | None:
    """The context of a bare event, or of the one that a CloudEvent carries."""
    if isinstance(event, dict):
        carried = event.get("data") if str(event.get("type", "")).startswith(_PREFIXES) else event
        context = carried.get("context") if isinstance(carried, dict) else None
        return context if isinstance(context, dict) else None
    return None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    events = list(_events(tree, out))
    over = {_identity(event) for event, _, predicate in events if predicate in _OVER}
    for event, subject, _ in events:
        if subject not in _KINDS and subject not in _ARTIFACTS:
            _leave_out(event)
    for event, subject, predicate in events:
        if subject in _KINDS or subject in _ARTIFACTS:
            claims.claim("produced_at", event["context"]["timestamp"], required=True)
        if subject in _ARTIFACTS:
            _artifact(event, subject, claims)
        if subject in _KINDS and (predicate in _OVER or _identity(event) not in over):
            _run(event, subject, predicate, claims)


def _leave_out(event: Node) -> None:
    for part in (event.object("subject"), event["subject"].object("content")):
        if isinstance(part.raw, dict):
            part.drop(*(key for key in part.raw if key != "content"), rule="event-of-another-subject")


def _events(tree: Tree, out: Extract) -> Iterator[tuple[Node, str, str]]:
    """Each event with its subject and predicate; what is no CDEvent is told."""
    listed = [item for root in tree.roots for item in (root.items() if isinstance(root.raw, list) else [root])]
    for item in listed:
        event = item["data"] if item["data"].exists else item
        kind = event.object("context").text("type") or ""
        if found := _TYPE.match(kind):
            yield event, found["subject"], found["predicate"]
        elif not kind.startswith(_PREFIXES[1]):
            message = f"{item.locator} is no CDEvent and is not read: send it as a document of its own"
            out.problem(Code.EVIDENCE_UNRECOGNISED, message, item)


def _identity(event: Node) -> tuple[object, ...]:
    """What the event is about: the type's subject, and the subject's id and source."""
    subject = event["subject"]
    kind = str(event["context"]["type"].raw).split(".")[2:3]
    return (*kind, str(subject["id"].raw), str(subject["source"].raw))


def _run(event: Node, subject: str, predicate: str, claims: Claims) -> None:
    about = event.object("subject", required=True)
    about.text("id", required=True)
    content = about.object("content", required=True)
    path = _NAMES.get(subject)
    name = first_node(content.at(*path), about["id"]) if path else about["id"]
    word = content["outcome"] if predicate == "finished" and subject != "build" else event["context"]["type"]
    text = claims.out.scalar(word, required=True)
    status = text if word.key == "outcome" else predicate
    if subject == "pipelinerun":
        claims.claim("build.id", about["id"])
        claims.claim("build.url", content["uri"])
        claims.claim("verdict", word, value=status, vocabulary=_VOCABULARY, subject=about.text("id"))
    elif subject == "taskrun":
        claims.claim("build.id", content.object("pipelineRun")["id"])
    time = event["context"].text("timestamp")
    claims.out.row(
        "jobs",
        event,
        kind=_KINDS[subject],
        name=claims.out.scalar(name),
        status=status,
        vocabulary=_VOCABULARY,
        started_at=time if predicate == "started" else None,
        finished_at=time if predicate == "finished" else None,
    )


def _artifact(event: Node, subject: str, claims: Claims) -> None:
    """The digest in the package URL that an event names its artifact by."""
    about = event.object("subject", required=True)
    place = about["id"] if subject == "artifact" else about.object("content")["artifactId"]
    text = claims.out.scalar(place)
    if text is None:
        return
    try:
        purl = PackageURL.from_string(text)
    except ValueError:
        claims.out.drift(place, "a package URL (ECMA-427)")
        return
    if purl.version and _DIGEST.match(purl.version):
        claims.claim("artifact.digest", place, value=purl.version, subject=purl.name, confidence=Confidence.DERIVED)


READER = Reader(
    source="pipeline_runs",
    format="cdevents",
    title="CDEvents",
    reference="cdevents.dev specification, core and CloudEvents binding",
    encodings=(JSON, JSON_LINES),
    media_type="application/json",
    recognise=recognise,
    read=read,
    together=True,
    versions=("0.1", "0.2", "0.3", "0.4", "0.5", "0.6"),
    drops={
        rule: prefixed(("", "/*", "/data", "/*/data"), *patterns)
        for rule, patterns in {
            "event-context": tuple(
                f"/context/{key}"
                for key in ("specversion", "version", "id", "chainId", "source", "type", "schemaUri", "links/**", "timestamp")
            ),
            "subject-detail": ("/subject/id", "/subject/source", "/subject/type"),
            "custom-data": ("/customData/**", "/customDataContentType"),
            # What went wrong, and addresses: may hold more than a review may see.
            "run-text": ("/subject/content/errors", "/subject/content/reason", "/subject/content/uri", "/subject/content/severity"),
            "run-detail": tuple(
                f"/subject/content/{key}"
                for key in (
                    *("pipelineRun/source", "testSuite/**", "testCase/**", "testSuiteRun/**", "environment/**", "trigger/**", "user"),
                    *("change/**", "sbom/**", "signature", "task"),
                )
            ),
            "cloudevents-attributes": ("/specversion", "/id", "/source", "/type", "/time", "/datacontenttype", "/subject"),
        }.items()
    },
)
