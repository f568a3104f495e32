"""The page: two worlds with the same luck and one clock. ``solara run experiments.app.page`` shows it too."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path

import reacton.core
import solara
import solara.lab

from experiments.app.faults import told
from experiments.app.head import Head
from experiments.app.link import Opened, read_link
from experiments.app.parts import Keyed
from experiments.app.server import FURTHER_CASES, keep_quiet
from experiments.app.session import Session
from experiments.app.side import Side
from experiments.app.stage import Stage
from experiments.app.teaching import Lesson
from experiments.words import say

keep_quiet()
STYLE = Path(__file__).with_name("page.css")


def offered() -> list[str]:
    """The case files that the operator of this server offers beside those that ship."""
    return [one for one in os.environ.get(FURTHER_CASES, "").split(os.pathsep) if one]


def spoken() -> str:
    """The language that the browser asks for first: zh or en."""
    headers = solara.lab.headers.value or {}
    wanted = next((values[0] for name, values in headers.items() if name.lower() == "accept-language" and values), "")
    return "zh" if wanted.lower().startswith("zh") else "en"


@solara.component
def Layout(children: list[solara.Element]) -> solara.Element:  # noqa: N802
    """Nothing round the page but itself."""
    return solara.Div(children=children)


@solara.component
def Page() -> None:  # noqa: N802
    """One browser session: its own worlds, its own clock."""
    search = solara.use_router().search or ""
    opened: Opened = solara.use_memo(lambda: read_link(search, offered()), [])
    session: Session = solara.use_memo(lambda: Session.of(opened), [])
    session.together = reacton.core.get_render_context()
    lang = solara.use_reactive(opened.lang or spoken())
    lesson = solara.use_reactive(-1)
    solara.use_effect(lambda: session.close, [])
    solara.Title("飞地 Feidi")
    solara.Style(STYLE)
    with solara.Div(classes=["feidi"], attributes={"lang": lang.value}):
        Head(session, lang, lesson)
        Told(session, lang.value)
        if lesson.value >= 0:
            Lesson(session, lesson, lang.value)
        with solara.Div(classes=["feidi-body"]):
            Side(session, lang.value, offered())
            Stage(session, lang.value)


@solara.component
def Told(session: Session, lang: str) -> None:  # noqa: N802
    """What went wrong, until it is closed."""
    lines = told(session.told.value, lang)
    if lines:
        rows = "".join(f"<p>{escape(line)}</p>" for line in lines)
        close = f'<button data-key="close" aria-label="{escape(say("close", lang))}">×</button>'
        html = f'<div role="alert" class="feidi-told">{rows}{close}</div>'
        Keyed(html=html, event_pick=lambda _: session.told.set(()))
