"""A Mesa model whose agents are rows of tables, made agents when somebody asks for them."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from agents.table import Table


class RowModel(mesa.Model):
    """A Mesa model that learns of new rows when its agents are read, not when the rows are made.

    A run makes thousands of firms whom nobody looks at one by one: as Mesa agents they took two fifths of the time of
    a case without households. ``agents``, ``agents_by_type`` and ``agent_types`` show them all the same. Their
    ``unique_id`` counts from 1 in the order in which rows became agents: whoever looks earlier gives other ids, and
    nothing else depends on it. (``agent.table.name``, ``agent.row``) is what stays the same from run to run.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._registering: list[Table] = []

    def register_rows_of(self, table: Table) -> None:
        """Let the rows of a table be agents of this model, those that there are and all that will come."""
        self._registering.append(table)

    @property
    def agents(self) -> Any:
        """All agents of registered tables, as Mesa's set."""
        self._catch_up()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """Mesa's sets of agents by their class."""
        self._catch_up()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of which there are agents."""
        self._catch_up()
        return super().agent_types

    def _catch_up(self) -> None:
        for table in self._registering:
            table.make_agents()


class UniqueIds:
    """Agent ids counted from 1 in each model, forgotten together with the model.

    Mesa 3.3.1 keeps these counters in a plain dict keyed by the model, which keeps every model alive.
    """

    def __init__(self) -> None:
        self._counters: weakref.WeakKeyDictionary[Any, Iterator[int]] = weakref.WeakKeyDictionary()

    def __getitem__(self, model: Any) -> Iterator[int]:
        counter = self._counters.get(model)
        return self._counters.setdefault(model, itertools.count(1)) if counter is None else counter
