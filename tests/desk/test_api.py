"""The desk over HTTP: a real server on a real deployment takes what the command line takes, and refuses what it refuses."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from release_staging.cli.running import Runner
from release_staging.config.policy import Policy
from release_staging.desk.api import Desk, application
from release_staging.desk.upload import MOST_SAID
from release_staging.parsing import json
from release_staging.record.canonical import canonical
from release_staging.review.finding import Finding
from tests.assets.reviewers import Review
from tests.packets import PacketBuilder

CLEAN = PacketBuilder.clean()
AS_JSON = {"content-type": "application/json"}
PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.parse(self.body)


@dataclass(frozen=True)
class Client:
    port: int

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            told = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, told.get("content-type", ""), told, answer.read())
        finally:
            connection.close()

    def say(self, finding: Finding, **headers: str) -> Answer:
        return self.ask("POST", "/api/findings", finding.body, AS_JSON | headers)

    def form(self, path: str, **parts: bytes) -> Answer:
        bound = "b0undary"
        body = b"".join(
            f'--{bound}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
            for name, data in parts.items()
        )
        return self.ask("POST", path, body + f"--{bound}--\r\n".encode(), {"content-type": f"multipart/form-data; boundary={bound}"})


@pytest.fixture(scope="session")
def client(deployed: Runner) -> Iterator[Client]:
    found = deployed.found
    desk = Desk(found.store, deployed.reviewing, found.receipts, Policy.load(found.settings.policy))
    server = uvicorn.Server(uvicorn.Config(application(desk), "127.0.0.1", 0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.01)
    yield Client(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def mixed(deployed: Runner, tmp_path: Path) -> Review:
    return Review(deployed, PacketBuilder.sample("mixed-candidates"), tmp_path)


def exclusion(review: Review, **said: Any) -> Finding:
    return review.finding(answers="MIXED_CANDIDATE", exclude={"document": review.see().digest("ci/run.json")}, **said)


def test_the_queue_names_the_hold_and_the_hold_stands_at_its_packet(client: Client, mixed: Review) -> None:
    [hold] = [one for one in client.ask("GET", "/api/holds?role=release_manager").said["holds"] if one["packet_id"] == mixed.packet]
    assert [one["code"] for one in hold["exceptions"]] == ["MIXED_CANDIDATE"]
    answer = client.ask("GET", f"/api/packets/{mixed.packet}")
    last = mixed.see().revision
    assert (answer.status, answer.body.decode()) == (200, last.body)
    assert (answer.headers["etag"], answer.headers["x-outcome"]) == (f'"{last.document_digest}"', "held")
    assert not [one for one in client.ask("GET", "/api/holds?role=security_reviewer").said["holds"] if one["packet_id"] == mixed.packet]


def test_a_finding_is_recorded_once_and_restages_its_packet(client: Client, mixed: Review) -> None:
    said = exclusion(mixed)
    first, second = client.say(said), client.say(said)
    assert (first.status, first.said["new"]) == (201, True)
    assert (second.status, second.said["new"]) == (200, False)
    assert first.said["finding"] == said.name
    mixed.deployed.restage()
    assert mixed.see().revision.revision == 2
    [recorded] = client.ask("GET", f"/api/packets/{mixed.packet}/findings").said["findings"]
    assert (recorded["name"], recorded["in_force"], recorded["exclude"]) == (said.name, True, {"document": said.exclude.document})


def test_a_supplied_document_comes_in_the_same_form_as_its_finding(client: Client, mixed: Review) -> None:
    mixed.say(answers="MIXED_CANDIDATE", exclude={"document": mixed.see().digest("ci/run.json")})
    data = CLEAN.documents["ci/run.json"]
    entry = {"path": "ci/run-again.json", "sha256": sha256(data).hexdigest(), "run": "7714620931"}
    said = mixed.finding(answers="REQUIRED_FIELD_MISSING", supply=entry)
    other = client.form("/api/findings", said=said.body, document=data + b" ")
    assert (other.status, "is sha256:" in other.said["title"]) == (422, True)
    assert client.form("/api/findings", said=said.body, document=data).status == 201
    mixed.deployed.restage()
    assert mixed.see().outcome == "staged"


def test_of_reviewers_on_one_revision_the_second_is_told_that_somebody_was_faster(client: Client, mixed: Review) -> None:
    late = exclusion(mixed, reason="It is of the commit before.")
    assert client.say(exclusion(mixed)).status == 201
    mixed.deployed.restage()
    answer = client.say(late)
    assert (answer.status, answer.kind) == (409, PROBLEM)
    assert "is at revision 2" in answer.said["title"]
    assert answer.said["remedy"]


def test_the_same_finding_from_eight_clients_is_recorded_once(client: Client, mixed: Review) -> None:
    said = exclusion(mixed)
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda _: client.say(said).status, range(8)))
    assert sorted(answers) == [200] * 7 + [201]


def test_what_is_refused_on_the_command_line_is_refused_here_with_what_to_do(client: Client, mixed: Review) -> None:
    spoken = json.parse(exclusion(mixed).body) | {"reason": "Approved for production."}
    for body in (canonical(spoken), b"{", b"[]", canonical({**spoken, "reason": "It is old.", "approved": True})):
        answer = client.ask("POST", "/api/findings", body, AS_JSON)
        assert (answer.status, answer.kind) == (422, PROBLEM), body
        assert answer.said["remedy"]
    assert mixed.deployed.found.reviews.findings(mixed.packet) == []


def test_a_receipt_is_about_a_record(client: Client, deployed: Runner, tmp_path: Path) -> None:
    record = Review(deployed, CLEAN, tmp_path).see().revision.document_digest
    receipt = {"receipt": "1", "record": record, "usable": "as_it_was", "by": {"kind": "system", "name": "review-intake"}}
    answer = client.ask("POST", "/api/receipts", canonical(receipt), AS_JSON)
    assert (answer.status, answer.said["usable"]) == (201, "as_it_was")
    released = {**receipt, "note": "The release is approved."}
    assert client.ask("POST", "/api/receipts", canonical(released), AS_JSON).status == 422


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "attacker.example"},
        {"Host": "127.0.0.1.attacker.example"},
        {"Host": "[::1"},
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
)
def test_a_page_of_another_site_reaches_nothing(client: Client, mixed: Review, headers: dict[str, str]) -> None:
    answer = client.say(exclusion(mixed), **headers)
    assert (answer.status, answer.kind) == (403, PROBLEM)
    assert mixed.deployed.found.reviews.findings(mixed.packet) == []
    assert client.ask("GET", "/api/holds", headers=headers).status == 403


def test_the_desks_own_pages_may_ask(client: Client, mixed: Review) -> None:
    assert client.say(exclusion(mixed), Origin=f"http://127.0.0.1:{client.port}").status == 201


def test_a_body_is_bounded_and_of_a_kind_that_is_known(client: Client) -> None:
    assert client.ask("POST", "/api/findings", b" " * (MOST_SAID + 1), AS_JSON).status == 413
    assert client.form("/api/findings", said=b" " * (MOST_SAID + 1)).status in (413, 422)
    assert client.ask("POST", "/api/findings", b"x", {"content-type": "text/plain"}).status == 415
    assert client.form("/api/findings", said=b"{}", approval=b"yes").status == 400
    assert client.form("/api/findings", document=b"{}").status == 400
    broken = client.ask("POST", "/api/findings", b"--x\r\nno form", {"content-type": "multipart/form-data; boundary=x"})
    assert (broken.status, broken.kind) == (400, PROBLEM)


def test_what_is_not_there_is_said_so(client: Client) -> None:
    for path in ("/api/packets/nobody-sent-it", "/api/packets/nobody-sent-it/findings", "/api/approvals"):
        answer = client.ask("GET", path)
        assert (answer.status, answer.kind) == (404, PROBLEM), path
    assert client.ask("GET", "/api/holds?role=president").status == 400
    assert client.ask("DELETE", "/api/holds").status == 405


def test_there_is_no_path_for_a_decision_about_a_release(client: Client, deployed: Runner) -> None:
    found = deployed.found
    desk = Desk(found.store, deployed.reviewing, found.receipts, Policy.load(found.settings.policy))
    assert sorted((route.path, *sorted(route.methods)) for route in application(desk).routes) == [
        ("/api/findings", "POST"),
        ("/api/holds", "GET", "HEAD"),
        ("/api/packets/{name}", "GET", "HEAD"),
        ("/api/packets/{name}/findings", "GET", "HEAD"),
        ("/api/receipts", "POST"),
    ]
