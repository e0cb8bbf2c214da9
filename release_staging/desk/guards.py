"""What is refused before anybody looks at it: requests that come from elsewhere, and bodies without an end.

The desk listens on loopback, as the Dagster UI does. A page of another site that is open in the reviewer's browser can reach it
there all the same, so a request must name this host as its own (DNS rebinding), and a browser's must come from it (cross-site requests).
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from release_staging.desk.problems import problem

HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True)
class OfThisHost:
    """Refuses requests whose Host is none of ``hosts``, and those that a page of another origin sent."""

    app: ASGIApp
    hosts: frozenset[str]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope["type"] == "http" and not self._ours(headers):
            refusal = problem(403, "The request does not come from this host", "Ask at the address that release-staging prints.")
            await refusal(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _ours(self, headers: Headers) -> bool:
        host, origin = headers.get("host", ""), headers.get("origin")
        try:
            named = urlsplit(f"//{host}").hostname
            return named in self.hosts and (origin is None or urlsplit(origin).netloc == host)
        except ValueError:  # no address at all
            return False


@dataclass(frozen=True)
class Bounded:
    """Refuses a body of more than ``most`` bytes, counted as they arrive."""

    app: ASGIApp
    most: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self.most:
                raise HTTPException(413, f"the request has more than {self.most} bytes")
            return message

        await self.app(scope, counted, send)
