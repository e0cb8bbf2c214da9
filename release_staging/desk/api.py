"""The HTTP interface for reviewers: what waits, what a hold says, and findings and receipts handed in.

It takes what the command line and the drop folders take, checked by the same functions, and records it; the restage sensor stages the
packet again. Nothing here changes a record, and there is no path for a decision about a release.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from release_staging.config.policy import Policy
from release_staging.desk.guards import HOSTS, Bounded, OfThisHost
from release_staging.desk.problems import HANDLERS
from release_staging.desk.upload import MOST_BYTES, Upload, upload
from release_staging.model.exceptions import Role
from release_staging.operations.queue import described, queue
from release_staging.review import finding, receipt
from release_staging.review.effects import listing
from release_staging.staging.receipts import ReceiptStore
from release_staging.staging.reviewing import Reviewing
from release_staging.staging.store import StagingStore


@dataclass(frozen=True)
class Desk:
    """What the desk reaches of a deployment."""

    store: StagingStore
    reviewing: Reviewing
    receipts: ReceiptStore
    policy: Policy


def application(desk: Desk, hosts: frozenset[str] = HOSTS) -> Starlette:
    """The interface over one deployment, for requests that name one of ``hosts`` as theirs."""
    return Starlette(
        routes=[
            Route("/api/holds", _holds(desk), methods=["GET"]),
            Route("/api/packets/{name}", _packet(desk), methods=["GET"]),
            Route("/api/packets/{name}/findings", _findings(desk), methods=["GET"]),
            Route("/api/findings", _taken(lambda one: _take_finding(desk, one)), methods=["POST"]),
            Route("/api/receipts", _taken(lambda one: _take_receipt(desk, one)), methods=["POST"]),
        ],
        middleware=[Middleware(OfThisHost, hosts=hosts), Middleware(Bounded, most=MOST_BYTES)],
        exception_handlers=HANDLERS,
    )


Endpoint = Callable[[Request], Awaitable[Response]]


def _holds(desk: Desk) -> Endpoint:
    """Open holds, longest waiting first, as ``release-staging holds --format json`` prints them."""

    def waiting(role: Role | None) -> list[dict[str, object]]:
        holds = desk.store.holds(role)
        since = desk.store.held_since(hold.packet_id for hold in holds)
        allowed, now = desk.policy.queue.overdue_after.by_role, datetime.now(UTC)
        return [described(one, role, allowed, now) for one in queue(holds, since)]

    async def endpoint(request: Request) -> Response:
        asked = request.query_params.get("role")
        if asked is not None and asked not in set(Role):
            raise HTTPException(400, f"there is no role {asked[:100]!r}: {', '.join(Role)}")
        return JSONResponse({"holds": await run_in_threadpool(waiting, Role(asked) if asked else None)})

    return endpoint


def _packet(desk: Desk) -> Endpoint:
    """The record or hold that a name means (``StagingStore.find``), in its own bytes; its digest is the entity tag."""

    async def endpoint(request: Request) -> Response:
        revision = await run_in_threadpool(desk.store.find, request.path_params["name"])
        headers = {"etag": f'"{revision.document_digest}"', "x-outcome": revision.outcome}
        return Response(revision.body, media_type="application/json", headers=headers)

    return endpoint


def _findings(desk: Desk) -> Endpoint:
    """The findings on a packet, those that do not count any more too."""

    def recorded(name: str) -> list[dict[str, object]]:
        return listing(desk.reviewing.reviews.findings(desk.store.find(name).packet_id), datetime.now(UTC))

    async def endpoint(request: Request) -> Response:
        return JSONResponse({"findings": await run_in_threadpool(recorded, request.path_params["name"])})

    return endpoint


def _taken(take: Callable[[Upload], tuple[bool, dict[str, object]]]) -> Endpoint:
    """201 where it was recorded, 200 where the same was recorded before."""

    async def endpoint(request: Request) -> Response:
        async with upload(request) as given:
            new, said = await run_in_threadpool(take, given)
        return JSONResponse({**said, "new": new}, 201 if new else 200)

    return endpoint


def _take_finding(desk: Desk, given: Upload) -> tuple[bool, dict[str, object]]:
    found = finding.parse(given.said, desk.reviewing.boundary)
    new = desk.reviewing.take(found, given.document if found.supply else None)
    return new, {"finding": found.name, "kind": found.kind, "packet_id": found.packet, "revision": found.revision}


def _take_receipt(desk: Desk, given: Upload) -> tuple[bool, dict[str, object]]:
    found = receipt.parse(given.said, desk.reviewing.boundary)
    return desk.receipts.record(found), {"receipt": found.name, "record": found.record, "usable": found.usable}
