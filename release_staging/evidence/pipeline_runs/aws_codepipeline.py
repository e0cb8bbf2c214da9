"""AWS CodePipeline: ``aws codepipeline get-pipeline-execution``, ``list-pipeline-executions`` or ``get-pipeline-state``.

An execution names the revisions of its sources; one of them alone is the commit, several do not say which is the candidate's, and that is
told. The state of a pipeline is that of its stages now, each perhaps in another execution. Words are compared without regard to case:
executions say ``Succeeded``, actions too.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.aws import claim_time, time_of
from release_staging.evidence.pipeline_runs.runs import Claims, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_VOCABULARY = "aws-codepipeline-status"
_EXECUTION, _LIST, _STATE = "pipelineExecution", "pipelineExecutionSummaries", "stageStates"


def recognise(head: Head) -> str | None:
    execution = head.get(_EXECUTION) or head.get(_LIST, 0)
    if isinstance(execution, dict) and {"pipelineExecutionId", "status"} <= execution.keys():
        return ""
    return "" if head.has("pipelineName", "pipelineVersion", _STATE) else None


def read(tree: Tree, out: Extract) -> None:
    root, claims = tree.root, Claims(out)
    if root[_STATE].exists:
        _state(root, claims)
    elif root[_LIST].exists:
        for execution in root.items(_LIST, required=True):
            _execution(execution, claims, None)
    else:
        execution = root.object(_EXECUTION, required=True)
        _execution(execution, claims, execution.text("pipelineName", required=True))


def _execution(execution: Node, claims: Claims, name: str | None) -> None:
    claims.claim("build.id", execution["pipelineExecutionId"], required=True)
    _commit([*execution.items("artifactRevisions"), *execution.items("sourceRevisions")], claims)
    claim_time("started_at", execution["startTime"], claims)
    claim_time("produced_at", execution["lastUpdateTime"], claims)
    identity = execution.text("pipelineExecutionId")
    claims.claim("verdict", execution["status"], required=True, vocabulary=_VOCABULARY, subject=identity)
    claims.out.row(
        "jobs",
        execution,
        kind="run",
        name=name,
        status=execution.text("status"),
        vocabulary=_VOCABULARY,
        started_at=time_of(execution["startTime"]),
    )


def _commit(revisions: list[Node], claims: Claims) -> None:
    found = {revision.text("revisionId", required=True) for revision in revisions}
    if len(found) == 1:
        claims.commit(revisions[0]["revisionId"])
    elif found:
        message = f"the execution has {len(found)} sources, and does not say which of them is the candidate's"
        claims.out.problem(Code.LOW_CONFIDENCE, message, revisions[0], expected="one revision", found=f"{len(found)} revisions")


def _state(root: Node, claims: Claims) -> None:
    pipeline = root.text("pipelineName", required=True)
    claim_time("produced_at", root["updated"], claims)
    for stage in root.items(_STATE, required=True):
        name = stage.text("stageName", required=True)
        latest = stage.object("latestExecution")
        claims.claim("build.id", latest["pipelineExecutionId"])
        _row(stage, "job", name, pipeline, latest, None, claims.out)
        for action in stage.items("actionStates"):
            last = action.object("latestExecution")
            _row(action, "step", action.text("actionName", required=True), name, last, last["lastStatusChange"], claims.out)


def _row(node: Node, kind: str, name: str | None, parent: str | None, execution: Node, ended: Node | None, out: Extract) -> None:
    status = execution.text("status", required=execution.exists)
    over = status is not None and status != "InProgress"
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=status,
        vocabulary=_VOCABULARY,
        finished_at=time_of(ended) if ended is not None and over else None,
    )


_ACTION = "/stageStates/*/actionStates/*"

READER = Reader(
    source="pipeline_runs",
    format="aws-codepipeline",
    title="AWS CodePipeline executions or state",
    reference="AWS CLI Command Reference, codepipeline get-pipeline-execution, list-pipeline-executions, get-pipeline-state",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "execution-detail": prefixed(
            (f"/{_EXECUTION}", f"/{_LIST}/*"),
            *("/pipelineVersion", "/statusSummary", "/executionMode", "/executionType", "/trigger/**", "/variables/**"),
            *("/stopTrigger/**", "/rollbackMetadata/**"),
        ),
        "revision-detail": prefixed(
            (f"/{_EXECUTION}/artifactRevisions/*", f"/{_LIST}/*/sourceRevisions/*", f"{_ACTION}/currentRevision"),
            *("/name", "/actionName", "/revisionUrl", "/revisionSummary", "/revisionChangeIdentifier", "/created", "/revisionId"),
        ),
        "state-detail": (
            *("/pipelineVersion", "/created", "/stageStates/*/inboundTransitionState/**", "/stageStates/*/*Conditions*/**"),
            *(f"{_ACTION}/{key}" for key in ("entityUrl", "revisionUrl")),
        ),
        # Summaries are free text; the token answers an approval.
        "action-text": tuple(
            f"{_ACTION}/latestExecution/{key}"
            for key in (
                *("summary", "externalExecutionId", "externalExecutionUrl", "lastUpdatedBy", "token", "percentComplete", "errorDetails/**"),
                *("actionExecutionId", "logStreamARN", "lastStatusChange"),
            )
        ),
    },
)
