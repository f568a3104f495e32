"""The head of the page: title, worlds to begin with, lesson, language."""

from __future__ import annotations

from html import escape

import solara

from experiments.app.parts import Keyed
from experiments.app.session import Session
from experiments.app.stories import Preset, presets
from experiments.words import LANGUAGES, say


@solara.component
def Head(session: Session, lang: solara.Reactive[str], lesson: solara.Reactive[int]) -> None:  # noqa: N802
    """Title, presets, lesson, language."""

    def pick(key: str) -> None:
        what, _, which = key.partition("-")
        if what == "lang" and which in LANGUAGES:
            lang.value = which
        elif what == "lesson":
            lesson.value = -1 if lesson.value >= 0 else 0
        elif what == "preset":
            lesson.value = -1
            _begin(session, which)

    html = head_html(lang.value, in_lesson=lesson.value >= 0)
    Keyed(html=html, look="feidi-head", event_pick=session.guarded(pick))


def _begin(session: Session, name: str) -> None:
    """Begin with the worlds of a preset, lived to the last year so that there is something to see."""
    preset = next(one for one in presets() if one.name == name)
    setup = preset.setup(session.setup.value)
    session.show(tab=preset.tab, key="")
    session.change(setup, live_to=setup.end)


def head_html(lang: str, *, in_lesson: bool) -> str:
    """The head as HTML: buttons with keys."""
    question = say("Two worlds with the same luck: what does pooling change, and who pays?", lang)
    leave, begin = say("Leave the lesson", lang), say("Guided lesson", lang)
    other, name = ("en", "English") if lang == "zh" else ("zh", "中文")
    return (
        f"<h1>飞地 Feidi</h1><p>{escape(question)}</p><nav>"
        f'<details class="menu"><summary data-do="presets">{escape(say("Begin with …", lang))}</summary>'
        f"<div>{''.join(_option(one, lang) for one in presets())}</div></details>"
        f'<button data-key="lesson-" data-do="lesson">{escape(leave if in_lesson else begin)}</button>'
        f'<button data-key="lang-{other}" data-do="lang" lang="{other}">{name}</button></nav>'
    )


def _option(preset: Preset, lang: str) -> str:
    title = preset.title_zh if lang == "zh" else preset.title
    return f'<button data-key="preset-{preset.name}">{escape(title)}</button>'
