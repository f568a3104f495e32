"""The side of the page: case and luck, levers, many seeds, and what can be taken along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import solara

from experiments.app import panels, texts
from experiments.app.batch import RUNNING, USUAL_SEEDS, WAITING
from experiments.app.link import with_field
from experiments.app.parts import Form, Keyed, Levers
from experiments.app.session import Session
from experiments.app.taking import Take
from experiments.words import say
from model.cases import HORIZON


@solara.component
def Side(session: Session, lang: str, offered: Sequence[str]) -> None:  # noqa: N802
    """All that changes the two worlds, beside the arms themselves."""
    setup = session.setup.value

    def set_form(said: Mapping[str, str]) -> None:
        opened = with_field(setup, said["name"], said["value"], offered)
        session.change(opened.setup)
        session.told.value = opened.faults

    with solara.Div(classes=["feidi-side"]):
        Form(
            texts=texts.form_texts(lang),
            cases=panels.cases(lang, offered),
            case_name=setup.case_name,
            seed=setup.seed,
            first=setup.case.first_year,
            until=setup.end,
            horizon=HORIZON,
            event_set=session.guarded(set_form),
        )
        Seeds(session, lang)
        Levers(
            texts=texts.lever_texts(lang),
            groups=panels.lever_groups(setup, lang),
            branched=[choice.then is not None for choice in setup.choices],
            event_set_lever=session.guarded(lambda said: set_lever(session, said)),
        )
        Take(session, lang)


def set_lever(session: Session, said: Mapping[str, Any]) -> None:
    """What the sliders tell: key, value (None: the usual one) and sides."""
    declared = session.setup.value.case.parameters.declared(str(said["key"]))
    value = said["value"]
    if value is not None:
        value = float(round(value)) if declared.whole else float(value)
        value = None if value == declared.plain_value else value
    session.set_lever(tuple(int(side) for side in said["sides"]), declared.key, value)


@solara.component
def Seeds(session: Session, lang: str) -> None:  # noqa: N802
    """Many seeds in the background: begin, how far it is, cancel."""
    progress = session.batch.progress.value
    going = progress.state in (WAITING, RUNNING)

    def pick(key: str) -> None:
        if key == "cancel":
            session.batch.cancel()
        elif key == "run":
            session.run_seeds(USUAL_SEEDS)

    title = say("Cancel", lang) if going else say("Run {count} seeds", lang, count=USUAL_SEEDS)
    bar = f'<progress max="{progress.wanted}" value="{progress.done}"></progress>' if going else ""
    html = (
        f'<button data-key="{"cancel" if going else "run"}" data-do="seeds">{escape(title)}</button>{bar}'
        f'<p aria-live="polite" data-batch="{progress.state}">{escape(texts.progress_text(progress, lang))}</p>'
    )
    Keyed(html=html, look="feidi-seeds", event_pick=session.guarded(pick))
