"""What went wrong, as problem details (RFC 9457): what, and what to do about it. Nothing of a traceback, and nothing of a secret."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from release_staging.parsing.limits import Unreadable
from release_staging.review.words import Outrun, Refused
from release_staging.staging.errors import NotFound, StagingError


def problem(status: int, title: str, remedy: str = "") -> Response:
    """A response that says what is wrong; ``remedy`` is an extension member, as everywhere here."""
    body = {"status": status, "title": title, **({"remedy": remedy} if remedy else {})}
    return JSONResponse(body, status, media_type="application/problem+json")


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(409 if isinstance(error, Outrun) else 422, error.message, error.remedy)


async def _unreadable(_: Request, error: Exception) -> Response:
    assert isinstance(error, Unreadable)
    return problem(422, str(error), error.remedy)


async def _staging(_: Request, error: Exception) -> Response:
    assert isinstance(error, StagingError)
    return problem(404 if isinstance(error, NotFound) else 503, error.message, error.remedy)


async def _http(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(error.status_code, error.detail)


async def _defect(_request: Request, _error: Exception) -> Response:
    """A defect of ours costs one answer; the server writes where it is to its log."""
    return problem(500, "The desk failed; nothing was recorded", "See the desk's log.")


HANDLERS: Mapping[Any, Any] = {
    Refused: _refused,
    Unreadable: _unreadable,
    StagingError: _staging,
    HTTPException: _http,
    Exception: _defect,
}
