"""``feidi app``: the page on which two worlds are watched side by side."""

from __future__ import annotations

import argparse

from experiments.commands.options import add_debug, whole

NAME, HELP, ORDER = "app", "watch two worlds with the same luck in the browser, in English and Chinese", 5
HOST, PORT = "127.0.0.1", 8765


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("--port", type=whole, default=PORT, help="port of the page (default: %(default)s); 0 takes a free one")
    add("--host", default=HOST, help="address to listen on (default: %(default)s, this machine alone)")
    meaning = "offer a case file of your own beside those that ship, repeatable"
    add("--case", metavar="FILE", dest="cases", action="append", default=[], help=meaning)
    add("--no-browser", dest="browser", action="store_false", help="don't open a browser")
    add_debug(parser)
    parser.set_defaults(act=act)


def act(options: argparse.Namespace, words: list[str]) -> int:
    """Serve the page until Ctrl-C."""
    from experiments.app.server import serve

    serve(options.host, options.port, cases=options.cases, browser=options.browser)
    return 0
