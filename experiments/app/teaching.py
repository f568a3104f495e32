"""The guided lesson on the page: a step at a time, first the prediction, then what the two worlds say."""

from __future__ import annotations

from html import escape

import solara

from experiments.app.parts import Keyed
from experiments.app.session import Session
from experiments.app.stories import Step, lesson
from experiments.app.world import Pair
from experiments.words import say

NOT_YET = -1


@solara.component
def Lesson(session: Session, place: solara.Reactive[int], lang: str) -> None:  # noqa: N802
    """The open step. place: its number, from 0; below zero the lesson is left."""
    guessed = solara.use_reactive((place.value, NOT_YET))  # with the step that it is of: the next one has none
    guess = guessed.value[1] if guessed.value[0] == place.value else NOT_YET
    step = lesson()[place.value]

    def enter() -> None:
        guessed.value = (place.value, NOT_YET)
        setup = step.setup()
        session.show(tab=step.tab, key="", year=setup.case.first_year - 1)
        session.change(setup, live_to=setup.case.first_year - 1)

    def pick(key: str) -> None:
        what, _, which = key.partition("-")
        if what == "guess" and guess == NOT_YET:
            with session.together:
                guessed.value = (place.value, int(which))
                session.change(step.setup(), live_to=step.year)
        elif what == "go":
            place.value = min(max(int(which), -1), len(lesson()) - 1)

    before = solara.use_memo(lambda: session.setup.value, [])
    solara.use_effect(lambda: lambda: session.change(before), [])  # who leaves the lesson is back where it began
    solara.use_effect(enter, [place.value])
    pair = session.pair.value
    done = guess != NOT_YET and not session.busy.value
    there = done and pair is not None and pair.lived >= step.year and session.made == step.setup()
    changed = done and not there
    html = session.drawn(lambda: step_html(step, place.value, guess, pair if there else None, lang, changed=changed))
    Keyed(html=html, look="feidi-lesson", event_pick=session.guarded(pick))


def step_html(step: Step, place: int, guess: int, pair: Pair | None, lang: str, *, changed: bool = False) -> str:
    """A step as HTML. pair: the worlds once they are lived and the answer may be told, None before.

    changed: somebody tries other worlds since, of which the answer is none.
    """
    answer = step.answer(pair) if pair is not None else NOT_YET
    choices = "".join(_choice(text, number, guess, answer) for number, text in enumerate(step.said("choices", lang)))
    told = ""
    if pair is not None:
        verdict = say("You were right.", lang) if guess == answer else say("The worlds say otherwise.", lang)
        told = (
            f'<p class="reveal" data-answer="{answer}"><b>{escape(verdict)}</b> {escape(step.revealed(pair, lang))}</p>'
        )
    elif changed:
        told = f"<p>{escape(say('These are other worlds now: the answer was of those of this step.', lang))}</p>"
    elif guess != NOT_YET:
        told = f"<p>{escape(say('The two worlds are being lived …', lang))}</p>"
    return (
        f'<section data-lesson="{place + 1}"><h2>{escape(step.said("title", lang))}</h2>'
        f"<p>{escape(step.said('text', lang))}</p><p><b>{escape(step.said('question', lang))}</b></p>"
        f'<div class="choices">{choices}</div>{told}{_ways(place, lang)}</section>'
    )


def _choice(text: str, number: int, guess: int, answer: int) -> str:
    look = "right" if number == answer else "chosen" if number == guess else ""
    disabled = "disabled" if guess != NOT_YET else ""
    return f'<button class="{look}" data-key="guess-{number}" {disabled}>{escape(text)}</button>'


def _ways(place: int, lang: str) -> str:
    """On to the next step and back."""
    count = len(lesson())
    back = f'<button data-key="go-{place - 1}">← {escape(say("back", lang))}</button>' if place else ""
    on = f'<button data-key="go-{place + 1}" data-do="next">{escape(say("next step", lang))} →</button>'
    if place + 1 == count:
        on = f'<button data-key="go--1" data-do="next">{escape(say("end the lesson", lang))}</button>'
    return f'<div class="ways">{back}<span>{place + 1} / {count}</span>{on}</div>'
