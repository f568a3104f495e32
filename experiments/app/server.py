"""The server of the page: on this machine alone unless told otherwise, and without the internet."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import warnings
import webbrowser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.app.guard import Application, guarded, is_loopback
from model.cases import load_case

PAGE = "experiments.app.page"
NEEDED = ("solara", "solara_assets")
FURTHER_CASES = "FEIDI_APP_CASES"  # case files that this server offers, as its operator gave them
# What the page's framework would ask of the internet is switched off; a browser that left is forgotten in minutes.
SETTINGS = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_ASSETS_PROXY": "True",
    "SOLARA_CHECK_HOOKS": "off",
    "SOLARA_KERNEL_CULL_TIMEOUT": "10m",
    "SOLARA_THEME_SHOW_BANNER": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "飞地 Feidi",
}


class ServerError(ValueError):
    """A page that can't be served: something is not installed, or the port is taken."""


def serve(host: str, port: int, *, cases: Sequence[str] = (), browser: bool = True) -> None:
    """Serve the page until it is interrupted.

    cases: case files offered beside those that ship. Raises ServerError, CaseError for a file that is none, and
    OSError for an address that is not this machine's.
    """
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise ServerError(f"the page needs {', '.join(missing)}: install it with pip install 'feidi[app]'.")
    for case in cases:
        load_case(case)
    port = _free_port(host, port)
    os.environ.update({name: value for name, value in SETTINGS.items() if name not in os.environ})
    os.environ[FURTHER_CASES] = os.pathsep.join(str(Path(case).resolve()) for case in cases)
    if not is_loopback(host):
        print(f"feidi: {host} can be reached by others, and the page asks for no password.", file=sys.stderr)
    _run(host, port, browser=browser)


def _free_port(host: str, port: int) -> int:
    """The port, or a free one for 0. Raises ServerError when it is taken or no port."""
    if not 0 <= port <= 65535:
        raise ServerError(f"port is {port}: give 1 to 65535, or 0 for a free one.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ServerError(f"{host}:{port} can't be used: {error.strerror}. Try --port 0.") from None
        found: int = probe.getsockname()[1]
        return found


def keep_quiet() -> None:
    """Switch off what the framework would tell its makers, also where it was started by its own command."""
    from solara.server import settings

    settings.telemetry.mixpanel_enable = False
    settings.assets.fontawesome_enabled = False


def _run(host: str, port: int, *, browser: bool) -> None:
    """Run the server of the framework; it reads its settings from the environment when it is imported."""
    import uvicorn
    from solara.server import settings

    settings.main.mode = "production"
    # Its cookie is meant for frames on other sites; on this one it is as it should be.
    warnings.filterwarnings("ignore", message="Cookies with samesite")
    os.environ["SOLARA_APP"] = PAGE
    url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    class Server(uvicorn.Server):  # type: ignore[misc]
        """A server that says when its page can be opened."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(f"The page is at {url} (Ctrl-C ends it).", flush=True)
            if browser:
                webbrowser.open(url)

    from solara.server.starlette import app

    far = not is_loopback(host)
    served = guarded(app if far else _uncompressed(app), settings.assets.proxy_cache_dir, near=not far)
    Server(uvicorn.Config(served, host=host, port=port, log_level="warning", ws_per_message_deflate=far)).run()


def _uncompressed(app: Application) -> Application:
    """The same application, which is never asked to compress: on one machine that only keeps all sessions waiting."""

    async def served(scope: dict[str, Any], receive: object, send: object) -> None:
        if "headers" in scope:
            scope = {**scope, "headers": [one for one in scope["headers"] if one[0] != b"accept-encoding"]}
        await app(scope, receive, send)

    return served
