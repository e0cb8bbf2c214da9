"""GitHub webhook event ``workflow_run`` (actions requested, in_progress, completed): a run as it stood when the event was sent.

Words and traps are those of ``github_actions_run``. Events about deployments carry a ``workflow_run`` too and are not this format.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.github_actions_run import read_run, run_drops
from release_staging.evidence.pipeline_runs.runs import Claims
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree

_ACTIONS = ("requested", "in_progress", "completed")


def recognise(head: Head) -> str | None:
    known = head.has("action", "workflow", "workflow_run", "repository") and not head.has("deployment")
    return "" if known and head.text("action") in _ACTIONS else None


def read(tree: Tree, out: Extract) -> None:
    tree.root.text("action")
    read_run(tree.root.object("workflow_run", required=True), Claims(out))


READER = Reader(
    source="pipeline_runs",
    format="github-workflow-run-event",
    title="GitHub webhook event workflow_run",
    reference="GitHub documentation, Webhook events and payloads, workflow_run",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        **run_drops("/workflow_run"),
        "event-envelope": ("/sender/**", "/organization/**", "/enterprise/**", "/installation/**", "/workflow/**"),
        # The run names its repository itself; here it stands once more, with everything GitHub knows of it.
        "repository-of-the-event": ("/repository/**",),
    },
)
