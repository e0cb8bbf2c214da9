"""Kayenta judge result on its own (``judgeName``, ``results``, ``groupScores``, ``score``), see ``kayenta_judgement``.

It names neither what was judged nor when, and no thresholds: all it says is the judgement.
"""

from __future__ import annotations

from release_staging.evidence.canary_analyses.kayenta_judgement import judged, judgement_losses
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    return "" if head.has("judgeName", "groupScores") and isinstance(head.get("results"), list) and head.has("score") else None


def read(tree: Tree, out: Extract) -> None:
    judged(tree.root, None, out, verdict=True)


READER = Reader(
    source="canary_analyses",
    format="kayenta-judge-result",
    title="Kayenta judge result",
    reference="spinnaker/kayenta kayenta-core com.netflix.kayenta.canary.results.CanaryJudgeResult",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    summarises={"judgement-detail": judgement_losses("")},
)
