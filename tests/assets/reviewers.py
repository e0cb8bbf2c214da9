"""Reviewers in tests: who looks at the last revision of a packet, and says something about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

from release_staging.cli.running import Runner
from release_staging.parsing import json
from release_staging.review.finding import Finding, of
from release_staging.staging.entries import Revision
from tests.assets.support import run
from tests.packets import PacketBuilder

_NUMBERS = count(1)


@dataclass(frozen=True)
class Seen:
    """A revision as a reviewer sees it."""

    revision: Revision

    @cached_property
    def document(self) -> dict[str, Any]:
        found: dict[str, Any] = json.parse(self.revision.body.encode())
        return found

    @property
    def outcome(self) -> str:
        return self.revision.outcome

    @property
    def blocking(self) -> list[str]:
        return [one.code.value for one in self.revision.exceptions if one.blocking]

    def exception(self, code: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.document["exceptions"] if one["code"] == code)
        return found

    def digest(self, path: str) -> str:
        """Of the document at a path."""
        found: str = next(one["document"] for one in self.document["evidence"] if one["path"] == path)
        return found

    def entry(self, path: str) -> dict[str, Any]:
        found: dict[str, Any] = next(one for one in self.document["evidence"] if one["path"] == path)
        return found


class Review:
    """One packet of a deployment, and what is said about it."""

    def __init__(self, deployed: Runner, packet: PacketBuilder, folder: Path) -> None:
        self.deployed = deployed
        path = packet.descriptor(id=f"reviewed-{next(_NUMBERS)}").write_folder(folder, f"packet-{next(_NUMBERS)}")
        [result] = run(deployed, path)
        assert result.packet_id is not None
        self.packet = result.packet_id

    def see(self) -> Seen:
        latest = self.deployed.found.store.latest(self.packet)
        assert latest is not None
        return Seen(latest)

    def finding(self, role: str = "release_manager", answers: str | None = None, **said: Any) -> Finding:
        """What a reviewer hands in; ``answers`` is the code of an exception, which the finding rests on too where nothing else is said."""
        seen = self.see()
        whole = {"finding": "1", "packet": self.packet, "revision": seen.revision.revision, "reviewer": "J. Doe", "role": role}
        if answers is not None:
            exception = seen.exception(answers)
            whole["answers"] = {"code": answers, "subject": exception["subject"]}
            whole["rests_on"] = [
                {"document": one["document"], "locator": one["locator"]} for one in exception["evidence"][:1] if one["locator"]
            ]
            whole["rests_on"] = whole["rests_on"] or [{"document": one["document"]} for one in exception["evidence"][:1]]
        return of({**whole, "reason": "Seen in the run's own log.", **said}, self.deployed.reviewing.boundary)

    def say(self, role: str = "release_manager", answers: str | None = None, document: bytes | None = None, **said: Any) -> Seen:
        """Hands it in, and stages the packet again."""
        self.deployed.reviewing.take(self.finding(role, answers, **said), None if document is None else lambda: document)
        self.deployed.restage()
        return self.see()

    def supply(self, role: str, answers: str, path: str, data: bytes, **said: Any) -> Seen:
        entry = {"path": path, "sha256": sha256(data).hexdigest(), **said}
        return self.say(role, answers, document=data, supply=entry)
