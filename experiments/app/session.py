"""What one browser session holds: two worlds, what is shown of them, and the work that goes on behind the page.

Every session has its own; nothing here is shared but the turn to compute, so that ten sessions get on side by side.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import solara

from experiments.app.batch import Batch
from experiments.app.faults import Fault, of_error
from experiments.app.link import Opened
from experiments.app.memory import give_back_soon
from experiments.app.setup import Choice, Policy, Setup
from experiments.app.world import Fate, Pair
from experiments.pools import usable_cores
from experiments.scenario import AID_ARMS, SCENARIOS, Scenario

# So many worlds are lived or played at the same time; what somebody does by hand waits for none of them.
TURN = threading.BoundedSemaphore(max(usable_cores() - 1, 1))
PAUSES = (2.0, 1.0, 0.5, 0.2, 0.0)  # seconds between two years in play, slowest first
USUAL_PAUSE = 2  # its place among them


@dataclass(frozen=True)
class Shown:
    """What is shown: the year, the open tab, and what was clicked: world (0 left, 1 right) and key of an agent."""

    year: int
    tab: int = 0
    world: int = 1
    key: str = ""


@dataclass
class Session:
    """The state of one browser session. Reactive fields redraw what reads them.

    made: the setup of the worlds that are shown; told: what went wrong, for the person; busy: the year up to which
    worlds are being lived anew, 0 for none; together: a context in which several fields change with one redraw.
    """

    setup: solara.Reactive[Setup]
    shown: solara.Reactive[Shown]
    pair: solara.Reactive[Pair | None] = field(default_factory=lambda: solara.reactive(None))
    lived: solara.Reactive[int] = field(default_factory=lambda: solara.reactive(0))
    playing: solara.Reactive[bool] = field(default_factory=lambda: solara.reactive(False))
    pace: solara.Reactive[int] = field(default_factory=lambda: solara.reactive(USUAL_PAUSE))
    busy: solara.Reactive[int] = field(default_factory=lambda: solara.reactive(0))
    told: solara.Reactive[tuple[Fault, ...]] = field(default_factory=lambda: solara.reactive(()))
    batch: Batch = field(default_factory=Batch)
    made: Setup | None = None
    together: AbstractContextManager[Any] = field(default_factory=nullcontext)
    _generation: int = 0
    _player: object = None  # who turns the clock: one who was paused and sleeps does not go on when another plays
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _closed: threading.Event = field(default_factory=threading.Event)

    @staticmethod
    def of(opened: Opened) -> Session:
        """A session that opens with the two worlds of a link, lived up to the year that it names."""
        first = opened.setup.case.first_year - 1
        year = first if opened.year is None else opened.year
        session = Session(solara.reactive(opened.setup), solara.reactive(Shown(year)))
        session.build(opened.setup, year)
        if opened.faults:
            session.told.value = opened.faults
        return session

    def close(self) -> None:
        """Stop all that goes on: the browser has left."""
        self._closed.set()
        self._generation += 1
        self.playing.value = False
        self.batch.cancel()
        give_back_soon()

    def show(self, **changes: object) -> None:
        """Show something else: year, tab, world, key."""
        self.shown.value = replace(self.shown.value, **changes)

    def change(self, setup: Setup, live_to: int | None = None) -> None:
        """Other worlds, lived up to a year, by default the one being lived. What can't be built is told, not done."""
        if self._closed.is_set() or (setup == self.setup.value and live_to is None):
            return
        self.playing.value = False
        first = setup.case.first_year - 1
        same, keep = setup.case_name == self.setup.value.case_name, live_to is None
        if live_to is None:
            live_to = self.busy.value or self.lived.value if same else first
        self.build(setup, min(max(live_to, first), setup.end), keep=keep and same)

    def build(self, setup: Setup, year: int, *, keep: bool = False) -> None:
        """Check two worlds, then live them up to a year, in a thread of their own; a later call overtakes this one.

        keep: go on showing the year that is shown, not the last one.
        """
        try:
            fate = setup.fate()
        except ValueError as error:
            self.told.value = (of_error(error),)
            return
        self._generation += 1
        mine, arms = self._generation, setup.arms[0]
        with self.together:
            self.told.value = ()
            if setup != self.setup.value:
                self.batch.forget()
            self.setup.value = setup
            self.busy.value = year

        def live() -> None:
            pair = self._lived(arms, fate, year, mine)
            with self._lock:
                if pair is not None and mine == self._generation:
                    with self.together:
                        self._take(pair, setup, keep=keep)

        self._in_background(live, mine)

    def _lived(self, arms: tuple[Scenario, Scenario], fate: Fate, year: int, mine: int) -> Pair | None:
        """Two worlds lived up to a year, None where others overtake them."""

        @contextmanager
        def turn() -> Iterator[None]:
            with TURN:
                if mine != self._generation:
                    raise _Overtaken
                yield

        with suppress(_Overtaken):
            pair = Pair(*arms, fate, turn)
            while pair.lived < year and not pair.ended:
                with turn():
                    pair.step()
            return pair
        return None

    def _take(self, pair: Pair, setup: Setup, *, keep: bool) -> None:
        """Show new worlds in place of the old ones; only then are they told to be there."""
        self.made = setup
        self.pair.value = pair
        self.lived.value = pair.lived
        self.show(year=min(max(self.shown.value.year, pair.years[0]), pair.lived) if keep else pair.lived)
        self.busy.value = 0

    def step(self) -> None:
        """Show the next year, and live it in both worlds where it was not lived. At the last year nothing happens."""
        with self._lock:
            pair, year = self.pair.value, self.shown.value.year
            if pair is None or self.busy.value or (pair.ended and year >= pair.lived):
                self.playing.value = False
                return
            if year >= pair.lived:
                pair.step()
            with self.together:
                self.lived.value = pair.lived
                self.show(year=min(year + 1, pair.lived))
                self.playing.value = self.playing.value and not (pair.ended and year + 1 >= pair.lived)

    def play(self) -> None:
        """Live year after year until somebody stops it, or the last one."""
        if self.playing.value:
            return
        self.playing.value = True
        mine = self._player = object()

        def run() -> None:
            while self.playing.value and mine is self._player and not self._closed.is_set():
                with TURN:
                    self.step()
                self._closed.wait(PAUSES[self.pace.value])

        self._in_background(run)

    def pause(self) -> None:
        """Stop playing."""
        self.playing.value = False

    def reset(self) -> None:
        """The same two worlds from their opening on."""
        self.playing.value = False
        self.show(year=self.setup.value.case.first_year - 1)
        self.build(self.setup.value, self.setup.value.case.first_year - 1)

    def set_arm(self, side: int, name: str) -> None:
        """Another arm of a world, of those that the page offers: from the start on, or from the year of its branch."""
        setup = self.setup.value
        choice = setup.choices[side]
        if name in SCENARIOS | AID_ARMS:
            self.change(setup.with_choice(side, choice.with_latest(Policy(name, choice.latest.changes))))

    def set_lever(self, sides: tuple[int, ...], key: str, value: float | None) -> None:
        """Another value of a lever in one world or both; None: the case's own. What can't be is told, and not done."""
        setup = self.setup.value
        declared = setup.case.parameters.declared(key)
        low, high = declared.limits
        if declared.role != "lever" or (value is not None and not low <= value <= high):
            text = "{name} is {value}: a number from {low} to {high} was expected."
            said = {"name": key, "value": f"{value:g}", "low": f"{low:g}", "high": f"{high:g}"}
            self.told.value = (Fault(text, said),)
            return
        for side in sides:
            choice = setup.choices[side]
            setup = setup.with_choice(side, choice.with_latest(choice.latest.with_lever(key, value)))
        self.change(setup)

    def branch(self, side: int) -> None:
        """Make the other world a branch of this one: the same until the year shown, with a policy of its own after."""
        setup, year = self.setup.value, max(self.shown.value.year + 1, self.setup.value.case.first_year)
        choice = setup.choices[side]
        if choice.then is not None:
            text = "This world is branched in {year} already: take that branch back first."
            self.told.value = (Fault(text, {"year": choice.since}),)
            return
        self.change(setup.with_choice(1 - side, Choice(choice.policy, year, choice.policy)))

    def unbranch(self, side: int) -> None:
        """Take the branch of a world back: its first policy holds in all years."""
        setup = self.setup.value
        self.change(setup.with_choice(side, Choice(setup.choices[side].policy)))

    def run_seeds(self, count: int) -> None:
        """Run the same two worlds with so many seeds in the background."""
        self.batch.start(self.setup.value, count)

    def guarded(self, act: Callable[..., object]) -> Callable[..., None]:
        """A handler of events whose faults are told on the page, and leave it as it was."""

        def handle(*values: object) -> None:
            try:
                act(*values)
            except Exception as error:
                self.told.value = (of_error(error),)

        return handle

    def drawn(self, draw: Callable[[], str]) -> str:
        """HTML that is drawn; a fault in it is told in its place, so that the rest of the page stays."""
        try:
            return draw()
        except Exception as error:
            return f'<p class="feidi-fault" role="alert">{escape(f"{type(error).__name__}: {error}")}</p>'

    def _in_background(self, work: Callable[[], None], generation: int | None = None) -> None:
        """A thread for some work; a fault in it is told on the page, and the worlds that are there stay.

        generation: of the worlds that are made; a fault of worlds that were overtaken is nobody's.
        """

        def guarded() -> None:
            try:
                work()
            except Exception as error:
                if generation in (None, self._generation):
                    with suppress(RuntimeError), self.together:  # the page may be gone
                        self.told.value, self.busy.value, self.playing.value = (of_error(error),), 0, False
                        self.setup.value = self.made or self.setup.value

        threading.Thread(target=guarded, daemon=True).start()


class _Overtaken(Exception):  # noqa: N818 - other worlds are wanted meanwhile: no error
    """Other worlds are wanted meanwhile."""
