"""Worlds that are lived year by year, and two of them with the same luck and one clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.app.frame import Frame, take_frame
from experiments.runner import aid_for, economy_of
from experiments.scenario import Scenario
from model.economy import EconomyModel
from model.mechanism import Mechanism
from model.outlays import Outlays
from model.parameters import Value

if TYPE_CHECKING:
    from model.cases import Case


Turn = Callable[[], AbstractContextManager[object]]
ANY_TIME: Turn = nullcontext


@dataclass(frozen=True)
class Fate:
    """What two worlds have in common: case, seed, last year, and parameter values that hold in both."""

    case: Case
    seed: int
    last_year: int
    changes: Mapping[str, Value]

    def model(self, scenario: Scenario, aid: Outlays | None = None) -> EconomyModel:
        """The economy of an arm before its first year."""
        return economy_of(
            scenario, case=self.case, changes=self.changes, seed=self.seed, last_year=self.last_year, aid=aid
        )


class World:
    """One arm, lived year by year; every lived year can be seen again."""

    def __init__(self, scenario: Scenario, fate: Fate) -> None:
        self.scenario, self.fate = scenario, fate
        self.frames: list[Frame] = []
        self.mechanisms: tuple[Mechanism, ...] = ()
        self._model: EconomyModel | None = None
        self._ended = False

    @property
    def first_year(self) -> int:
        """The year of the opening state."""
        return self.fate.case.first_year - 1

    @property
    def lived(self) -> int:
        """The last year that was lived."""
        return self.first_year + len(self.frames) - 1

    @property
    def ended(self) -> bool:
        """Whether no further year comes."""
        return self._ended or self.lived >= self.fate.last_year

    def end(self, year: int) -> None:
        """Live no more, and forget what came after a year."""
        self._ended, self._model = True, None
        del self.frames[year - self.first_year + 1 :]

    def frame(self, year: int) -> Frame:
        """A lived year, the nearest one where it was not lived."""
        return self.frames[min(max(year, self.first_year), self.lived) - self.first_year]

    def open(self, twin: World | None = None, turn: Turn = ANY_TIME) -> None:
        """The opening state; what the arm looks at is run first. twin: a world whose arrays may be shared.

        turn: what each year of those runs waits for.
        """
        paid: dict[str, Outlays] = {}
        for other in self.scenario.twins:
            model = self.fate.model(other)
            while model.year < model.last_year:
                with turn():
                    model.step()
            paid[other.name] = Outlays.of(model)
        self._model = self.fate.model(self.scenario, aid_for(self.scenario, paid))
        self.mechanisms = self._model.mechanisms
        self.frames = [take_frame(self._model, _same_year(twin, self.first_year))]

    def step(self, twin: World | None = None) -> None:
        """One more year, unless the last one is reached."""
        if self._model is None or self.ended:
            return
        self._model.step()
        self.frames.append(take_frame(self._model, _same_year(twin, self._model.year)))
        if self.ended:
            self._model = None  # all that is shown is in the frames


def _same_year(twin: World | None, year: int) -> Frame | None:
    """The twin's frame of a year, None where it has not lived it."""
    return twin.frame(year) if twin is not None and twin.frames and twin.lived >= year else None


class Pair:
    """Two worlds with the same luck: they open and step together."""

    def __init__(self, left: Scenario, right: Scenario, fate: Fate, turn: Turn = ANY_TIME) -> None:
        self.fate = fate
        self.worlds = (World(left, fate), World(right, fate))
        self.worlds[0].open(turn=turn)
        self.worlds[1].open(self.worlds[0], turn=turn)

    @property
    def years(self) -> tuple[int, ...]:
        """The lived years, that of the opening first."""
        return tuple(frame.year for frame in self.worlds[0].frames)

    @property
    def lived(self) -> int:
        """The last year that both have lived."""
        return self.worlds[0].lived

    @property
    def ended(self) -> bool:
        """Whether the last year is reached."""
        return self.worlds[0].ended

    def step(self) -> None:
        """One more year in both; where one of them can't live it, both end with the year before."""
        left, right = self.worlds
        try:
            left.step()
            right.step(left)
        except Exception:
            lived = min(left.lived, right.lived)
            for world in self.worlds:
                world.end(lived)
            raise

    def live_to(self, year: int) -> None:
        """Step until a year is lived, or the last one."""
        while self.lived < year and not self.ended:
            self.step()
