"""A Mesa model whose agents are rows of tables, made agents when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

if TYPE_CHECKING:
    from agents.table import Table


class RowModel(mesa.Model):
    """A Mesa model whose rows become agents when somebody first reads its agents, and from then on when they are made.

    A run makes thousands of firms whom nobody looks at one by one: as Mesa agents they took a tenth of its time.
    ``agents``, ``agents_by_type``, ``agent_types`` and a row of a registered table (``villages[3]``) are such a read.
    ``unique_id`` counts from 1, table by table at the first read and then as rows are made, so that ids and the order
    of Mesa's sets depend on when that was; results never do. (``agent.table.name``, ``agent.row``) is the same in every
    run. Whoever only listens for new agents reads ``agents`` once before.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.shows_agents, self._busy = False, False
        self.id_count = IdCount()
        self._registering: list[Table] = []

    def register_rows_of(self, table: Table) -> None:
        """Let the rows of a table be agents of this model, those that there are and all that will come."""
        self._registering.append(table)

    def show_agents(self) -> None:
        """Make agents of all rows that are none yet, and from now on of each row when it is made."""
        if self._busy:  # whoever is told of a new agent may read the agents in turn
            return
        self.shows_agents = self._busy = True
        try:
            for table in self._registering:
                table.make_agents()
        finally:
            self._busy = False

    @property
    def agents(self) -> Any:
        """All agents of registered tables, as Mesa's set."""
        self.show_agents()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """Mesa's sets of agents by their class."""
        self.show_agents()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """The classes of which there are agents."""
        self.show_agents()
        return super().agent_types

    def remove_all_agents(self) -> None:
        """Take all agents out of Mesa's sets; the rows stay as they are."""
        self.show_agents()
        super().remove_all_agents()


class IdCount:
    """The ids of a model's agents, from 1 on."""

    def __init__(self) -> None:
        self.last = 0

    def __next__(self) -> int:
        self.last += 1
        return self.last


class UniqueIds:
    """Where Mesa 3.3.1 looks for the next id of a model's agents; later versions count in the model themselves.

    Its own place is a plain dict keyed by the model, which keeps every model alive and is no part of a copy.
    """

    def __getitem__(self, model: Any) -> IdCount:
        count: IdCount = model.id_count
        return count
