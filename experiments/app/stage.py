"""The middle of the page: clock, graphs of the two worlds, headline cards, charts, and the card of who was clicked."""

from __future__ import annotations

from functools import partial
from html import escape

import solara

from experiments.app import panels, texts
from experiments.app.cards import card_html
from experiments.app.finding import finder_html
from experiments.app.graph.draw import graph_svg
from experiments.app.graph.land import Land
from experiments.app.graph.legend import legend_html
from experiments.app.headlines import balance_html, headlines_html
from experiments.app.parts import Keyed, Transport, WorldBar
from experiments.app.payers import payers_html
from experiments.app.session import PAUSES, Session
from experiments.app.views import TABS, View, charts_html
from experiments.scenario import AIDED
from experiments.words import say

INCOMES = (0.0, 6_000_000.0)  # yuan/year: ends of the colours of villages
WHO_PAYS = 2  # the tab under which it is told in words too


@solara.component
def Stage(session: Session, lang: str) -> None:  # noqa: N802
    """All that the clock moves."""
    pair, shown, setup = session.pair.value, session.shown.value, session.setup.value
    look = ["feidi-main", *(["anew"] if session.busy.value else [])]
    with solara.Div(classes=look, attributes={"role": "main"}):
        Clock(session, lang)
        with solara.Div(classes=["feidi-bars"]):
            for side in (0, 1):
                Bar(session, side, lang)
        if pair is None:
            solara.HTML(
                tag="p", unsafe_innerHTML=escape(say("The two worlds are being made …", lang)), classes=["wait"]
            )
            return
        names = panels.world_names(session.made or setup, lang)
        year = min(max(shown.year, pair.years[0]), pair.lived)
        view = View(pair, year, lang, names, session.batch.answers.value)
        Graphs(session, view)
        Card(session, view)
        Keyed(html=session.drawn(lambda: headlines_html(pair, year, lang, view.answers)), look="feidi-headlines")
        Charts(session, view)


@solara.component
def Clock(session: Session, lang: str) -> None:  # noqa: N802
    """Play, pause, step, reset, pace and the years; and the light of the books."""
    setup, pair, year = session.setup.value, session.pair.value, session.shown.value.year
    first = setup.case.first_year - 1
    with solara.Div(classes=["feidi-clock"]):
        Transport(
            texts=texts.transport_texts(lang, year, first),
            year=year,
            first=first,
            lived=session.lived.value or first,
            last=setup.end,
            playing=session.playing.value,
            busy=bool(session.busy.value),
            ended=pair is not None and pair.ended and year >= pair.lived,
            pace=session.pace.value,
            paces=len(PAUSES),
            event_toggle=lambda *_: session.pause() if session.playing.value else session.play(),
            event_step=session.guarded(lambda *_: session.step()),
            event_reset=session.guarded(lambda *_: session.reset()),
            event_scrub=session.guarded(lambda to: session.show(year=min(max(int(to), first), session.lived.value))),
            event_set_pace=session.guarded(lambda to: session.pace.set(int(to) % len(PAUSES))),
        )
        state = say("being lived anew …", lang) if session.busy.value else ""
        light = session.drawn(lambda: balance_html(pair, year, lang)) if pair is not None else ""
        Keyed(
            html=f'{light}<span class="busy" data-busy="{session.busy.value}">{escape(state)}</span>',
            look="feidi-state",
        )


@solara.component
def Bar(session: Session, side: int, lang: str) -> None:  # noqa: N802
    """Which arm a world is, and its branch."""
    setup, year = session.setup.value, session.shown.value.year + 1
    choice = setup.choices[side]

    WorldBar(
        texts=texts.world_texts(lang, year, side, choice),
        side="ab"[side],
        arm=choice.latest.arm,
        arms=panels.arm_groups(lang, choice.latest.arm, branched=choice.then is not None),
        since=choice.since or 0,
        can_branch=choice.policy.arm not in AIDED and year <= setup.end,
        event_set_arm=session.guarded(lambda name: session.set_arm(side, str(name))),
        event_branch=session.guarded(lambda *_: session.branch(side)),
        event_unbranch=session.guarded(lambda *_: session.unbranch(side)),
    )


@solara.component
def Graphs(session: Session, view: View) -> None:  # noqa: N802
    """The partnership graphs of both worlds, and what their marks mean."""
    shown, case = session.shown.value, view.pair.fate.case
    land = solara.use_memo(lambda: Land.of(case), [id(case)])

    def draw(side: int) -> str:
        world = view.pair.worlds[side]
        frame, before = world.frame(view.year), world.frame(view.year - 1)
        selected = shown.key if side == shown.world or not shown.key.startswith("Project") else ""
        return graph_svg(
            land,
            frame,
            before,
            mechanisms=world.mechanisms,
            lang=view.lang,
            limits=INCOMES,
            selected=selected,
            label=view.names[side],
        )

    mechanisms = [one for world in view.pair.worlds for one in world.mechanisms]
    with solara.Div(classes=["feidi-graphs"]):
        for side in (0, 1):
            pick = session.guarded(partial(_pick, session, side))
            Keyed(html=session.drawn(partial(draw, side)), look=f"feidi-graph {'ab'[side]}", event_pick=pick)
    Keyed(html=session.drawn(lambda: legend_html(mechanisms, lang=view.lang, limits=INCOMES)), look="feidi-legend")


def _pick(session: Session, side: int, key: str) -> None:
    session.show(world=side, key="" if key in ("none", session.shown.value.key) else key)


@solara.component
def Card(session: Session, view: View) -> None:  # noqa: N802
    """Who was clicked, or how to find somebody without a mouse."""
    shown = session.shown.value
    pick = session.guarded(partial(_pick, session, shown.world))
    with solara.Column():  # also round the finder alone: it would be made anew otherwise, and lose the focus
        Keyed(html=session.drawn(lambda: finder_html(view, shown.key)), look="feidi-finder", event_pick=pick)
        if shown.key:
            html = session.drawn(lambda: card_html(view, shown.world, shown.key))
            Keyed(html=html, look="feidi-cardbox", event_pick=pick)


@solara.component
def Charts(session: Session, view: View) -> None:  # noqa: N802
    """The tabs and the charts of the open one."""
    tab = session.shown.value.tab
    titles = [escape(say(title, view.lang)) for title, _ in TABS]
    buttons = "".join(
        f'<button role="tab" aria-selected="{str(place == tab).lower()}" data-key="{place}">{title}</button>'
        for place, title in enumerate(titles)
    )
    pick = session.guarded(lambda key: session.show(tab=int(key) % len(TABS)))
    Keyed(html=f'<div role="tablist">{buttons}</div>', look="feidi-tabs", event_pick=pick)
    Keyed(html=session.drawn(lambda: charts_html(view, tab)), look="feidi-charts")
    if tab == WHO_PAYS:
        Keyed(html=session.drawn(lambda: payers_html(view)), look="feidi-payers")
