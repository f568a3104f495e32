"""Workers: which households send one to a factory or a park, and who is hired."""

from __future__ import annotations

import numpy as np

from agents.table import Array

HIRING_ROUNDS = 5  # rounds of offers in a year; after these, hardly a job is open where workers are still free
_HARDLY_ANY = 1e-12  # workers within reach; below this, a place counts as having none near it


def wants_job(usual: Array, wage: Array | float, *, part: float) -> Array:
    """Whether a household sends one worker to a park: the wage must beat what this worker gives up.

    usual: yuan/year, shape (households,); wage: yuan/year, one number or shape (households,); part: share of the
    household's usual earnings that the worker gives up. Returns bool, shape (households,).
    """
    return np.asarray(wage > part * usual)


def free_worker(relative: Array, luck: Array, *, available: float) -> Array:
    """Whether a household has a worker who is fit for and free to take factory work; poor ones have more rarely one.

    relative: usual earnings over the county's mean; luck: in (0, 1); shapes (households,); available: share of
    households with mean earnings or more that have one; below the mean it falls in proportion. The rule is assumed.
    Returns bool, shape (households,).
    """
    return np.asarray(luck < available * np.minimum(relative, 1.0))


def hire_near(jobs: Array, workers: Array, distance: Array, *, reach: float, rounds: int = HIRING_ROUNDS) -> Array:
    """Workers hired by each place from each village; in fractions, for the caller to round down.

    jobs: shape (places,); workers: willing ones, shape (villages,); distance: km, shape (places, villages), infinite
    where nobody commutes; reach: km. In each round a place offers its open jobs to villages in proportion to free
    workers * exp(-distance / reach); a village with more offers than free workers takes the same part of every offer.
    Returns shape (places, villages): rows sum to at most jobs, columns to at most workers. The rule is assumed.
    """
    near = np.exp(-distance / reach)
    hired = np.zeros(near.shape)
    for _ in range(rounds):
        vacant = np.maximum(jobs - hired.sum(axis=1), 0.0)
        free = np.maximum(workers - hired.sum(axis=0), 0.0)
        pull = free * near
        offers = pull * (vacant / np.maximum(pull.sum(axis=1), _HARDLY_ANY))[:, None]
        hired += offers * np.minimum(free / np.maximum(offers.sum(axis=0), _HARDLY_ANY), 1.0)
    return hired


def place_in_line(village: Array, chosen: Array, order: Array) -> Array:
    """How many chosen households of its own village stand before each household.

    village: row of the village, -1 for none, shape (n,); chosen: bool, shape (n,); order: a permutation of the rows
    in which those of one village stand together. Returns int, shape (n,).
    """
    line, counted = village[order], chosen[order].astype(np.int64)
    before = np.cumsum(counted) - counted
    first = np.flatnonzero(np.diff(line, prepend=line[:1] - 1))
    sizes = np.diff(first, append=len(line))
    place = np.empty(len(line), dtype=np.int64)
    place[order] = before - np.repeat(before[first], sizes)
    return place


def hired_households(willing: Array, sizes: Array, count: Array) -> Array:
    """Whose worker is hired: the first willing ones of each village or town.

    willing: bool, group by group and in each in the order in which they are hired, shape (n,); sizes: rows of each
    group; count: whole numbers of workers hired; shapes (groups,). Returns bool, shape (n,).
    """
    so_far = np.cumsum(willing)
    before = np.concatenate([[0], so_far])[np.cumsum(sizes) - sizes]  # of the groups that came earlier
    return willing & (so_far <= np.repeat(before + count, sizes))
