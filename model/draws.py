"""The same luck in every arm: random numbers keyed by what is decided, when and by whom.

A draw depends on the seed, the name of the decision, the year and the row (or the key) of the agent, and on
nothing that a policy can change. An arm that needs more draws than another leaves all the other draws alone.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]

MOST_SEEDS = 2**31  # what Mesa and numpy both take
BLOCK = 2**14  # keys mixed at a time: their temporaries stay in a core's cache
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def key_of(*names: object) -> int:
    """A 64-bit key of some names, the same in every process (Python's own hash is not)."""
    return int.from_bytes(_hash(*names).digest(), "little")


def _hash(*names: object) -> hashlib.blake2b:
    text = "\x1f".join(str(name) for name in names)
    return hashlib.blake2b(text.encode(), digest_size=8)


def keys_of(*names: object, count: int) -> Keys:
    """One key a row: ``key_of(*names, row)`` for rows 0 to count - 1, shape (count,)."""
    same = _hash(*names, "")
    rows = []
    for row in range(count):
        one = same.copy()
        one.update(b"%d" % row)
        rows.append(one.digest())
    return np.frombuffer(b"".join(rows), dtype="<u8").astype(np.uint64)


def mix(values: Keys) -> Keys:
    """Scramble 64-bit keys: the finaliser of SplitMix64 (Steele, Lea and Flood 2014). Shape (n,)."""
    mixed = np.empty(len(values), dtype=np.uint64)
    with np.errstate(over="ignore"):
        for first in range(0, len(values), BLOCK):
            mixed[first : first + BLOCK] = _mix(values[first : first + BLOCK])
    return mixed


def _mix(values: Keys) -> Keys:
    values = values + _GOLDEN  # of its own from here on, so that the steps can be taken in place
    values ^= values >> np.uint64(30)
    values *= _MIX_1
    values ^= values >> np.uint64(27)
    values *= _MIX_2
    values ^= values >> np.uint64(31)
    return values


def _uniform_of(start: Keys, *keys: Keys, mixed: bool) -> Floats:
    """Uniform numbers in (0, 1) of a start and keys, which broadcast."""
    for key in keys:
        start = _mix(start ^ (key if mixed else _mix(np.asarray(key, dtype=np.uint64))))
    drawn = (start >> np.uint64(11)).astype(np.float64)
    drawn += 0.5
    drawn *= 2.0**-53
    return drawn


def member_keys(groups: Keys, sizes: NDArray[np.int64]) -> Keys:
    """A key for each member of groups, one group after the other, shape (sum of sizes,).

    It depends on the group's key and the member's number in it alone: a new group, or more members at the end of one,
    leave all other members' luck alone. groups: keys, sizes: members, both of shape (groups,).
    """
    number = np.arange(int(sizes.sum()), dtype=np.uint64)
    number -= np.repeat((np.cumsum(sizes) - sizes).astype(np.uint64), sizes)
    keys = np.repeat(groups, sizes)
    with np.errstate(over="ignore"):
        for first in range(0, len(keys), BLOCK):  # block by block, so that many households need no more at a time
            block = slice(first, first + BLOCK)
            keys[block] = _mix(keys[block] ^ _mix(number[block]))
    return keys


class Draws:
    """All random numbers of one run. Rows are drawn as vectors; pairs and things made by policy by their keys."""

    def __init__(self, seed: int) -> None:
        if seed is None:  # what mesa.batch_run passes on when it is told no rng
            raise ValueError(
                "seed is None: give a whole number from 0; to mesa.batch_run say rng=[1, 2] for seeds 1 and 2."
            )
        if not 0 <= seed < MOST_SEEDS:
            raise ValueError(f"seed is {seed}: give a whole number from 0 to {MOST_SEEDS - 1}.")
        self.seed = int(seed)

    def generator(self, decision: str, year: int = 0) -> np.random.Generator:
        """A numpy generator for one decision of one year; row i takes the i-th number of each vector."""
        return self._stream(key_of(decision), year, 0)

    def _stream(self, name: int, year: int, group: int) -> np.random.Generator:
        key = np.array([self.seed, name], dtype=np.uint64)  # a plain list would pass through floats and lose bits
        counter = np.array([0, 0, year, group], dtype=np.uint64)
        return np.random.Generator(np.random.Philox(key=key, counter=counter))

    def uniform(self, decision: str, year: int, rows: int) -> Floats:
        """Uniform numbers in [0, 1), one a row."""
        return self.generator(decision, year).random(rows)

    def normal(self, decision: str, year: int, rows: int) -> Floats:
        """Standard normal numbers, one a row."""
        return self.generator(decision, year).standard_normal(rows)

    def keyed_uniform(self, decision: str, year: int, *keys: Keys, mixed: bool = False) -> Floats:
        """Uniform numbers in (0, 1) that depend on the keys alone; keys broadcast against each other.

        For pairs (a firm and a site) and for things that only some arms have: a new key leaves all others alone.
        mixed: the keys were put through ``mix`` before, as those are that are drawn by again and again.
        """
        start = np.array(self.seed ^ key_of(decision, year), dtype=np.uint64)
        with np.errstate(over="ignore"):
            start = _mix(start)
            if len(keys) > 1 or np.size(keys[0]) <= BLOCK:
                return _uniform_of(start, *keys, mixed=mixed)
            drawn = np.empty(len(keys[0]))
            for first in range(0, len(drawn), BLOCK):
                drawn[first : first + BLOCK] = _uniform_of(start, keys[0][first : first + BLOCK], mixed=mixed)
            return drawn

    def keyed_normal(self, decision: str, year: int, *keys: Keys, mixed: bool = False) -> Floats:
        """Standard normal numbers by key. mixed: as in ``keyed_uniform``."""
        drawn = self.keyed_uniform(decision, year, *keys, mixed=mixed)
        return np.asarray(ndtri(drawn, out=drawn if drawn.ndim else None))

    def keyed_gumbel(self, decision: str, year: int, *keys: Keys) -> Floats:
        """Standard Gumbel numbers by key: the tastes of a logit choice."""
        return -np.log(-np.log(self.keyed_uniform(decision, year, *keys)))
