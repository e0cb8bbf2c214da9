"""Jenkins build: ``<build>/api/json`` (remote access API of core, with what plugins export into ``actions``).

``result`` is null while a build runs; ``building`` is then the place of its word, ``BUILDING``. UNSTABLE is a result of its own (tests
failed, the build went on), and no success.

The commit stands only in what the git plugin leaves in ``actions`` (``lastBuiltRevision``), once for every repository checked out: shared
libraries too. Where these name several commits, the document does not say which is the candidate's: none is claimed, and it is told. The
commit of a pull request's job (``PR-12``) is a trial merge or its head; Jenkins does not say which. Times are milliseconds since 1970.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from release_staging.evidence.pipeline_runs.runs import Claims, first_node, utc
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_VOCABULARY = "jenkins-result"
_BUILDING = "BUILDING"
_MILLISECONDS = 1000
_REMOTE = re.compile(r"(?:refs/remotes/)?(?:origin/)?(?P<branch>.+)\Z")
_PULL_REQUEST = re.compile(r"PR-\d+(?:-merge)?\Z")


def recognise(head: Head) -> str | None:
    return "" if head.has("actions", "number", "result", "timestamp") and isinstance(head.get("actions"), list) else None


def read(tree: Tree, out: Extract) -> None:
    build, claims = tree.root, Claims(out)
    claims.claim("build.id", first_node(build["id"], build["number"]), required=True, accept=SCALARS)
    build.scalar("number", required=True)
    claims.claim("build.url", build["url"])
    _checkouts(list(_git(build, out)), claims)
    ended = build["result"].raw is not None
    verdict = build["result"] if ended or build["building"].raw is not True else build["building"]
    word = None if verdict.key == "result" else _BUILDING
    claims.claim("verdict", verdict, value=word, required=True, vocabulary=_VOCABULARY, accept=(str,) if word is None else (bool,))
    build["result"].mark()
    build.flag("building")
    claims.epoch("started_at", build["timestamp"], unit=_MILLISECONDS, loss="when the build was scheduled; it may have waited")
    duration = build.integer("duration", required=True)
    finished = ended and duration is not None
    if finished:
        loss = "start plus duration; the build does not say when it ended"
        claims.epoch("finished_at", build["timestamp"], unit=_MILLISECONDS, later=duration or 0, loss=loss)
    out.row(
        "jobs",
        build,
        kind="run",
        name=build.text("fullDisplayName"),
        status=word or out.scalar(verdict),
        vocabulary=_VOCABULARY,
        started_at=utc(build["timestamp"], unit=_MILLISECONDS),
        finished_at=utc(build["timestamp"], unit=_MILLISECONDS, later=duration or 0) if finished else None,
    )


def _git(build: Node, out: Extract) -> Iterator[Node]:
    """What the git plugin says of each checkout."""
    for action in build.items("actions", required=True):
        if action["lastBuiltRevision"].exists:
            action.text("_class")
            yield action
        elif action["_class"].raw == "hudson.plugins.git.util.BuildData":
            out.drift(action["lastBuiltRevision"], "an object")


def _checkouts(checkouts: list[Node], claims: Claims) -> None:
    """Claims what the build worked on, where its checkouts agree on one commit."""
    commits = {checkout.object("lastBuiltRevision", required=True).text("SHA1", required=True) for checkout in checkouts}
    for checkout in checkouts if len(commits) == 1 else ():
        revision = checkout["lastBuiltRevision"]
        branches = [name for name in (branch.text("name") for branch in revision.items("branch")) if name]
        loss = "of a pull request: its head, or a trial merge of it" if any(map(_PULL_REQUEST.match, branches)) else None
        confidence = Confidence.LOW if loss else Confidence.EXACT
        claims.claim("candidate.commit", revision["SHA1"], confidence=confidence, loss=loss)
        for branch in revision.items("branch"):
            if branch.text("name") != "detached" and not loss:
                _branch(branch, claims)
        for remote in checkout.items("remoteUrls"):
            claims.claim("repository.url", remote)
    if len(commits) > 1:
        message = f"the build checked out {len(commits)} commits, and does not say which of them is the candidate's"
        claims.out.problem(Code.LOW_CONFIDENCE, message, checkouts[0], expected="one commit", found=f"{len(commits)} commits")


def _branch(branch: Node, claims: Claims) -> None:
    text = branch.text("name") or ""
    found = _REMOTE.match(text)
    if found and found["branch"] != text:
        claims.claim(
            "candidate.branch",
            branch["name"],
            value=found["branch"],
            confidence=Confidence.DERIVED,
            loss="taken out of the name of a remote",
        )
    else:
        claims.claim("candidate.branch", branch["name"])


READER = Reader(
    source="pipeline_runs",
    format="jenkins-build",
    title="Jenkins build (api/json)",
    reference="Jenkins remote access API, hudson.model.Run; git plugin, hudson.plugins.git.util.BuildData",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        # Causes name people; parameters may hold secrets.
        "action-detail": tuple(
            f"/actions/*{key}"
            for key in (
                *("", "/_class", "/causes/**", "/parameters/**", "/buildsByBranchName/**", "/scmName", "/lastBuiltRevision/branch/*/SHA1"),
                *("/remoteUrls", "/artifactsFingerprints/**", "/nodes/**", "/urlName", "/iconFileName", "/text"),
                *("/failCount", "/skipCount", "/totalCount", "/tags/**", "/restartEnabled", "/restartableStages/**"),
                *("/blockedDurationMillis", "/blockedTimeMillis", "/buildableDurationMillis", "/buildableTimeMillis"),
                *("/buildingDurationMillis", "/executingTimeMillis", "/executorUtilization", "/subTaskCount"),
                *("/waitingDurationMillis", "/waitingTimeMillis", "/artifactsUrl", "/testObject/**"),
                *("/redirectUrl", "/displayUrl", "/changesUrl", "/testsUrl", "/id", "/mergeTarget"),
            )
        ),
        "change-log": ("/changeSet/**", "/changeSets/**", "/culprits/**"),
        "build-detail": tuple(
            f"/{key}"
            for key in (
                *("_class", "displayName", "description", "estimatedDuration", "executor", "executor/**", "keepLog", "queueId"),
                *("builtOn", "nextBuild/**", "previousBuild/**", "inProgress", "artifacts/**", "fingerprint/**"),
            )
        ),
    },
)
