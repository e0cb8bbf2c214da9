"""Whether packets of the evaluation come out of the Dagster job as they came out of the steps in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from release_staging.cli.running import runner
from release_staging.config.policy import Policy
from release_staging.evaluation import reference
from release_staging.evaluation.cases import build
from release_staging.evaluation.measures import Share
from release_staging.evaluation.run import Result
from release_staging.staging.entries import Revision

# Faults that are not in the packet itself: it would be another one, or arrive at another time.
_NOT_OF_THE_PACKET = ("spoiled", "no-descriptor", "archive-cut-off", "two-descriptors")


def agreement(results: Iterable[Result], count: int) -> Share:
    """Of ``count`` packets, spread over the results, how many have the same record or hold, byte for byte."""
    chosen = list(_spread([one for one in results if one.plan.family not in _NOT_OF_THE_PACKET], count))
    # Outside the folders of tests, which are closed to the user that PostgreSQL runs as.
    with TemporaryDirectory(prefix="release-staging-agreement-") as folder:
        settings = reference.write(Path(folder))
        key = Policy.load(settings.policy).disclosure.digest_key.get_secret_value()
        settings.digest_key.parent.mkdir(parents=True, exist_ok=True)
        settings.digest_key.write_bytes(key)
        with runner(settings) as running:
            admitted = {}
            for number, one in enumerate(chosen):
                packet = build(one.plan).packet
                place = Path(folder) / "packets" / str(number)
                place.mkdir(parents=True)
                admitted[one.packet_id] = running.admit(packet.write(place, packet.builder.id))
            for _ in running.run(admitted.values()):
                pass
            revisions = {packet_id: result.revision for packet_id, result in admitted.items()}
        same = sum(_digest(revisions.get(one.packet_id)) == one.digest for one in chosen)
    return Share(same, len(chosen))


def _spread(results: list[Result], count: int) -> Iterator[Result]:
    """Every so many-th result, each packet once."""
    seen: set[str] = set()
    step = max(1, len(results) // max(1, count))
    for one in results[::step][:count]:
        if one.packet_id not in seen:
            seen.add(one.packet_id)
            yield one


def _digest(revision: Revision | None) -> str | None:
    return None if revision is None else revision.document_digest
