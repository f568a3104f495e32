"""Who may ask the server of the page, and for what: pages of other sites may not, and nothing is fetched."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

Scope = dict[str, Any]
Application = Callable[[Scope, Any, Any], Awaitable[None]]
FILES = "/_solara/cdn/"  # where the framework serves browser files, and would fetch those that it lacks
FORBIDDEN, MISSING, POLICY = 403, 404, 1008


def guarded(app: Application, files: Path, *, near: bool) -> Application:
    """The same application, closed to foreign pages and without fetching.

    files: folder of the browser files that there are; near: on this machine alone, so that a name that is not this
    machine's is somebody else's trick.
    """

    async def served(scope: Scope, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
        elif not is_own(headers_of(scope), near=near):
            await _refuse(scope, receive, send, FORBIDDEN)
        elif not is_there(scope["path"], files):
            await _refuse(scope, receive, send, MISSING)
        else:
            await app(scope, receive, send)

    return served


def headers_of(scope: Scope) -> dict[str, str]:
    """Names and values of the headers of a request."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def is_own(headers: dict[str, str], *, near: bool) -> bool:
    """Whether a request comes from this page itself: asked by its own name, and by no page of another site."""
    asked = urlsplit(f"//{headers.get('host', '')}").hostname
    origin = urlsplit(headers["origin"]).hostname if "origin" in headers else asked
    return origin == asked and (not near or is_loopback(asked or ""))


def is_loopback(host: str) -> bool:
    """Whether a name or an address reaches this machine alone."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_there(path: str, files: Path) -> bool:
    """Whether a path asks for no browser file, or for one that there is."""
    _, found, name = unquote(path).partition(FILES)
    if not found:
        return True
    file = (files / name).resolve()
    return file.is_relative_to(files.resolve()) and file.is_file()


async def _refuse(scope: Scope, receive: Any, send: Any, status: int) -> None:
    """Close the door, politely."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY})
        return
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"This page serves itself alone."})
