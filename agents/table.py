"""Agents as rows of columns: one numpy array an attribute, one Mesa agent a row.

A kind of agent is declared once, as a class whose body lists its columns::

    class Village(RowAgent):
        town = link("Town", "the town that administers it")
        cash = stock("yuan", "collective funds")
        remoteness = trait("km", "road distance to the county seat")

``villages.cash`` is the column of all villages, ``villages[3].cash`` the figure of one.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

import mesa
import numpy as np
from numpy.typing import ArrayLike, NDArray

from agents.row_model import UniqueIds

Array = NDArray[Any]

STOCK, STATE, TRAIT, LINK = "stock", "state", "trait", "link"


class Column:
    """One attribute of an agent: its kind, unit, meaning and type.

    kind: ``stock`` (only the ledger changes it), ``state`` (a phase changes it through ``Table.write``),
    ``trait`` (fixed when the row is made) or ``link`` (the row number of another agent; fixed too).
    """

    def __init__(self, kind: str, unit: str, meaning: str, dtype: type, default: Any) -> None:
        self.kind, self.unit, self.meaning, self.dtype, self.default = kind, unit, meaning, dtype, default
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: RowAgent | None, owner: type) -> Any:
        return self if agent is None else agent.table.column(self.name)[agent.row].item()

    def __set__(self, agent: RowAgent, value: Any) -> None:
        agent.table.write(rows=np.array([agent.row]), **{self.name: value})


def stock(unit: str, meaning: str) -> Column:
    """A quantity that is conserved; only the ledger moves it. Starts at zero."""
    return Column(STOCK, unit, meaning, float, 0.0)


def state(unit: str, meaning: str, dtype: type = float, default: Any = 0) -> Column:
    """A quantity that the phases of a year update."""
    return Column(STATE, unit, meaning, dtype, default)


def trait(unit: str, meaning: str, dtype: type = float) -> Column:
    """A quantity that is fixed when the agent comes into being."""
    return Column(TRAIT, unit, meaning, dtype, None)


def link(kind: str, meaning: str) -> Column:
    """The row of another agent, which stays the same for life; -1 for none."""
    return Column(LINK, f"row of {kind}", meaning, np.int64, -1)


class RowAgent(mesa.Agent):
    """A Mesa agent that holds no data: its attributes are looked up in its row of a table."""

    _ids: Any = UniqueIds()
    table: Table
    row: int

    def __init__(self, model: Any, table: Table, row: int) -> None:
        self.table, self.row = table, row
        super().__init__(model)

    @classmethod
    def view(cls, model: Any, table: Table, row: int) -> RowAgent:
        """The agent of a row without registering it with the model: for tables of many rows."""
        agent = cls.__new__(cls)
        agent.model, agent.table, agent.row = model, table, row
        agent.unique_id, agent.pos = None, None
        return agent

    @classmethod
    def columns(cls) -> dict[str, Column]:
        """The declared columns by name, in order of declaration, inherited ones first."""
        found: dict[str, Column] = {}
        for base in reversed(cls.__mro__):
            found.update({name: value for name, value in vars(base).items() if isinstance(value, Column)})
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        if name in MESA_NAMES:
            self.__dict__[name] = value  # straight: thousands of firms are made in a run
        elif name.startswith("_") or hasattr(type(self), name):
            super().__setattr__(name, value)
        else:
            raise AttributeError(_no_column(type(self).__name__, name, self.columns()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.row})"


MESA_NAMES = frozenset({"model", "unique_id", "pos", "table", "row"})


def _no_column(kind: str, name: str, columns: Mapping[str, Column]) -> str:
    near = difflib.get_close_matches(name, columns, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else f" It has {', '.join(columns)}."
    return f"{kind} has no column '{name}'.{hint}"


class Table:
    """All agents of one kind, a numpy array a column.

    Columns are handed out read-only: states change through ``write``, stocks through the ledger alone.
    Rows are never removed or reused. ``registered`` makes every row a Mesa agent of ``model`` (a ``RowModel``) that
    lives as long as the table; otherwise a row is viewed as an agent anew whenever it is asked for.
    """

    def __init__(self, kind: type[RowAgent], *, model: Any = None, registered: bool = True) -> None:
        self.kind = kind
        self.columns = kind.columns()
        self._model = model
        self._registered = registered and model is not None
        self._agents: list[RowAgent] = []
        self._length = 0
        self._runs: dict[str, tuple[Array, Array]] = {}
        if self._registered:
            model.register_rows_of(self)
        self._data: dict[str, Array] = {name: np.empty(0, dtype=column.dtype) for name, column in self.columns.items()}
        self._show()

    @property
    def name(self) -> str:
        """The kind of agent, as the ledger and the flow table call it."""
        return self.kind.__name__

    def __len__(self) -> int:
        return self._length

    def column(self, name: str) -> Array:
        """The read-only values of one column, shape (rows,)."""
        try:
            return self._views[name]
        except KeyError:
            raise AttributeError(_no_column(self.name, name, self.columns)) from None

    def __getattr__(self, name: str) -> Array:
        if name.startswith("_") or name == "columns":
            raise AttributeError(name)
        return self.column(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self.__dict__.get("columns", ()):
            raise AttributeError(f"{self.name}.{name} is a column: set states with write({name}=...).")
        super().__setattr__(name, value)

    def __getitem__(self, row: int) -> RowAgent:
        if not -self._length <= row < self._length:
            raise IndexError(f"{self.name} has rows 0 to {self._length - 1}, not {row}.")
        row %= self._length
        if not self._registered:
            return self.kind.view(self._model, self, row)
        self._model.show_agents()
        return self._agents[row] if row < len(self._agents) else self.kind.view(self._model, self, row)

    def __iter__(self) -> Iterator[RowAgent]:
        return (self[row] for row in range(self._length))

    def add(self, count: int, **values: ArrayLike) -> Array:
        """Append rows and return their numbers, shape (count,).

        values: one scalar or array of shape (count,) a column; every trait must be given, stocks must not.
        """
        self._check_new(values)
        start, end = self._length, self._length + count
        for name, column in self.columns.items():
            data = self._data[name]
            if end > len(data):
                grown: Array = np.empty(max(end, 2 * len(data)), dtype=column.dtype)
                grown[:start] = data[:start]
                self._data[name] = data = grown
            data.flags.writeable = True
            data[start:end] = values.get(name, column.default)
        self._length = end
        self._show()
        if self._registered and self._model.shows_agents:
            self._model.show_agents()
        return np.arange(start, end)

    def make_agents(self) -> None:
        """Make the rows that are none yet agents of the model, in their order: see ``RowModel.show_agents``."""
        for row in range(len(self._agents), self._length):
            self._agents.append(self.kind(self._model, self, row))

    def runs(self, name: str) -> tuple[Array, Array]:
        """Where neighbouring rows have the same link: the first row of each such run, and the link; shapes (runs,)."""
        if name not in self._runs:
            links = self.column(name)
            if self.columns[name].kind != LINK:
                raise AttributeError(f"{self.name}.{name} is no link, and only links stay the same for life.")
            starts = np.concatenate([[0], np.flatnonzero(links[1:] != links[:-1]) + 1])[: len(links)]
            self._runs[name] = read_only(starts), read_only(links[starts])
        return self._runs[name]

    def _show(self) -> None:
        """Make ready what readers get: the rows that there are, read-only."""
        self._runs.clear()
        for data in self._data.values():
            data.flags.writeable = False
        self._views: dict[str, Array] = {name: data[: self._length] for name, data in self._data.items()}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "_views"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._data = {name: data.copy() for name, data in self._data.items()}  # unpickled arrays may be locked
        self._show()

    def _check_new(self, values: Mapping[str, ArrayLike]) -> None:
        for name in values:
            self.column(name)
            if self.columns[name].kind == STOCK:
                raise ValueError(f"{self.name}.{name} is a stock: new rows start at zero and the ledger fills them.")
        missing = [name for name, column in self.columns.items() if column.kind == TRAIT and name not in values]
        if missing:
            raise ValueError(f"{self.name} needs a value for {', '.join(missing)}: traits are set when a row is made.")

    def write(self, *, rows: Any = slice(None), **values: ArrayLike) -> None:
        """Set states in some rows (all by default). Stocks, traits and links are refused; all is checked first."""
        ready = {name: self._fitting(name, rows, value) for name, value in values.items()}
        for name, fitting in ready.items():
            self._data[name].flags.writeable = True
            self._data[name][: self._length][rows] = fitting
            self._data[name].flags.writeable = False

    def _fitting(self, name: str, rows: Any, value: ArrayLike) -> Array:
        """The values that a state may take in some rows, their own copy where they are another column's."""
        column, given = self.column(name), np.asarray(value)
        if self.columns[name].kind != STATE:
            raise AttributeError(
                f"{self.name}.{name} is a {self.columns[name].kind} and can't be written: "
                "stocks move through the ledger, traits and links are fixed for life."
            )
        if column.dtype.kind != "f" and given.dtype.kind == "f" and not (given % 1.0 == 0.0).all():
            raise ValueError(f"{self.name}.{name} takes whole numbers, not {value!r}.")
        shape = column[rows].shape
        own = not_of_a_column(given, column.dtype)
        return own if own.shape == shape else np.broadcast_to(own, shape)

    def replace_stock(self, name: str, values: Array, rows: Any = slice(None)) -> None:
        """Set a stock in some rows, all by default. For the ledger alone; a test holds everybody else to that."""
        self._check_stock(name)
        self._data[name].flags.writeable = True
        self._data[name][: self._length][rows] = values
        self._data[name].flags.writeable = False

    def add_to_stock(self, name: str, rows: Array | None, change: Array) -> None:
        """Add to a stock, in all rows (None) or to some, once each time that a row is named. For the ledger alone."""
        self._check_stock(name)
        self._data[name].flags.writeable = True
        if rows is None:
            self._data[name][: self._length] += change
        else:
            np.add.at(self._data[name], rows, change)
        self._data[name].flags.writeable = False

    def _check_stock(self, name: str) -> None:
        if self.column(name) is None or self.columns[name].kind != STOCK:
            raise AttributeError(f"{self.name}.{name} is no stock.")


def not_of_a_column(values: Array, dtype: Any) -> Array:
    """The values as a type, copied where they may be a column, which would change under the reader."""
    return values.astype(dtype, copy=not values.flags.writeable)


def read_only(values: Array) -> Array:
    """The same values, which nobody can change by mistake any more."""
    values.flags.writeable = False
    return values


def total_by(group: Array, values: Array, count: int) -> Array:
    """Sum values by group: from households to villages, from stakes to projects.

    group: int, shape (n,), each from 0 to count - 1; values: shape (n,). Returns shape (count,), unit of values.
    """
    return np.bincount(group, weights=values, minlength=count).astype(float, copy=False)  # of nothing it counts
