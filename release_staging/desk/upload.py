"""What is handed in: a finding or receipt as the body, or as the part ``said`` of a form with the ``document`` that it supplies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request

from release_staging.parsing.limits import LIMITS
from release_staging.review.words import MOST_BYTES as MOST_SAID

MOST_BYTES = LIMITS.document_bytes + MOST_SAID + 2**16  # with what a form writes around its parts
_PLAIN = ("application/json", "application/yaml")
_FORM = "multipart/form-data"
_PARTS = ("said", "document")


@dataclass(frozen=True)
class Upload:
    """``said`` in bytes; ``document`` gives those of the document, None where none came."""

    said: bytes
    document: Callable[[], bytes] | None = None


@asynccontextmanager
async def upload(request: Request) -> AsyncIterator[Upload]:
    """What the request hands in, for as long as it is looked at. Raises HTTPException."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _PLAIN:
        yield Upload(await _whole(request))
    elif kind == _FORM:
        async with request.form(max_files=len(_PARTS), max_fields=1, max_part_size=MOST_SAID) as form:
            yield await run_in_threadpool(_of_form, form)
    else:
        raise HTTPException(415, f"hand it in as {', '.join(_PLAIN)}, or as {_FORM} with the parts {' and '.join(_PARTS)}")


async def _whole(request: Request) -> bytes:
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > MOST_SAID:
            raise HTTPException(413, f"a finding or receipt has at most {MOST_SAID} bytes")
    return data


def _of_form(form: FormData) -> Upload:
    names = [name for name, _ in form.multi_items()]
    if not set(names) <= set(_PARTS) or len(set(names)) != len(names) or "said" not in names:
        raise HTTPException(400, f"a form has the part {_PARTS[0]}, at most the part {_PARTS[1]}, and no other")
    said, document = form["said"], form.get("document")
    return Upload(_bytes(said), (lambda: _bytes(document)) if document is not None else None)


def _bytes(part: UploadFile | str) -> bytes:
    return part.encode() if isinstance(part, str) else part.file.read()
