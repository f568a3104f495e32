"""Emulators: a quick stand-in for the model, one a moment, that says how far it can be trusted.

A moment is a polynomial of the parameters (ridge regression; degree and ridge by leaving out one row at a time), plus a
Gaussian process for the smooth rest, plus luck::

    emulator = emulated("rent", inputs, values, generator)
    mean, variance = emulator.predict(scaled(points, ranges))

The process has one length scale over the inputs that matter most: with one for each of 25 inputs, a few hundred rows
could not tell them apart (Rasmussen and Williams 2006, chapter 5; Vernon, Goldstein and Bower 2010, section 4.3).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.calibration.moments import CalibrationError
from experiments.sampling import Floats, Range

if TYPE_CHECKING:
    import pandas as pd

TERMS = ("linear", "squares", "products of active", "products")  # each with the ones before
RIDGES = np.logspace(-2, 4, 13)
FOLDS = 10
MOST_ACTIVE = 8  # inputs of the process: distances in many more are all alike
LEAST_WEIGHT = 0.02  # of what the polynomial explains, for an input to be active
LENGTHS = (0.5, 1.0, 2.0, 4.0)  # of the process, times the root of its inputs, as distances grow with it
LUCK_SHARES = (1e-6, 1e-4, 1e-2, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95)  # of the variance of the rest
MOST_TUNED = 400  # rows from which the length is found: the cost grows with their cube
LEAST_GAIN = 0.02  # by which the process must lower the squared errors of left-out rows, to be worth its doubts
CHUNK = 2000  # points predicted at a time, for the memory
Rows = NDArray[np.int64]


class SklearnMissingError(CalibrationError):
    """scikit-learn, of which emulators are made, is not installed."""


@dataclass(frozen=True)
class Recipe:
    """What is chosen once and holds for all folds: terms and ridge of the mean, inputs and kernel of the process."""

    terms: str
    ridge: float
    active: Rows
    kernel: Any = None  # None: no process


@dataclass(frozen=True)
class Fit:
    """A recipe fitted to rows: polynomial in standardised terms, their inverse spread, and the process for the rest."""

    recipe: Recipe
    centre: Floats
    spread: Floats
    slopes: Floats
    level: float
    rows: int
    unsure: Floats  # (terms, terms): times the luck, the variance of the slopes
    rest: float  # standard deviation of what the polynomial leaves, in the moment's unit
    process: Any
    luck: float  # variance, in the moment's unit squared

    def predict(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of the emulated moment, shape (points,), without luck."""
        terms = (_terms(inputs, self.recipe.terms, self.recipe.active) - self.centre) / self.spread
        mean = self.level + terms @ self.slopes
        variance = self.luck * (1.0 / self.rows + np.einsum("ij,jk,ik->i", terms, self.unsure, terms, optimize=True))
        if self.process is not None:
            more, deviation = self.process.predict(inputs[:, self.recipe.active], return_std=True)
            # The process counts luck as its own variance: it is told apart here.
            variance = variance + np.maximum((self.rest * deviation) ** 2 - self.luck, 0.0)
            mean = mean + self.rest * more
        return mean, variance


@dataclass(frozen=True)
class Emulator:
    """An emulator of one moment, and what leaving out rows says of it.

    r2: share of the variance of left-out rows that it explains; within: share of them within two standard
    deviations; inflation: the factor by which left-out rows showed its variance too small, at least 1.
    """

    moment: str
    fit: Fit
    r2: float
    within: float
    inflation: float

    @property
    def luck(self) -> float:
        """The variance between runs of one point that differ by luck alone, in the moment's unit squared."""
        return self.inflation * self.fit.luck

    def predict(self, inputs: Floats) -> tuple[Floats, Floats]:
        """Mean and variance of the emulated moment at scaled inputs, shape (points,), luck left out."""
        parts = [self.fit.predict(inputs[start : start + CHUNK]) for start in range(0, len(inputs), CHUNK)]
        mean, variance = (np.concatenate([part[one] for part in parts]) for one in (0, 1))
        return mean, self.inflation * variance

    def describe(self) -> dict[str, Any]:
        """A row of a table of diagnostics; luck as a standard deviation, in the moment's unit."""
        return {
            "moment": self.moment,
            "rows": self.fit.rows,
            "terms": self.fit.recipe.terms,
            "process": self.fit.process is not None,
            "r2": self.r2,
            "within": self.within,
            "inflation": self.inflation,
            "luck": self.luck**0.5,
        }


def package(name: str) -> Any:
    """A module of scikit-learn or of what it needs. Raises SklearnMissingError, with the remedy."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        what = f"no module {error.name!r}"
        raise SklearnMissingError(f'{what}: for history matching, pip install "feidi[calibration]".') from None


def one_thread() -> Any:
    """Linear algebra on one thread within: the same bits on any number of cores, and no threads that wait spinning."""
    return package("threadpoolctl").threadpool_limits(1)


def scaled(points: pd.DataFrame, ranges: Mapping[str, Range]) -> Floats:
    """Points as inputs of emulators, shape (points, keys): -1 at the low end of a range, 1 at the high one."""
    low = np.array([one.low for one in ranges.values()])
    high = np.array([one.high for one in ranges.values()])
    values = points[list(ranges)].to_numpy(dtype=float)
    return np.asarray(2.0 * (values - low) / (high - low) - 1.0)


def least_rows(inputs: int) -> int:
    """The runs without which there is no emulator: more than there are slopes, and two for each fold."""
    return max(inputs + 2, 2 * FOLDS)


def emulated(moment: str, inputs: Floats, values: Floats, generator: np.random.Generator) -> Emulator:
    """An emulator of a moment from runs at scaled inputs.

    inputs: shape (runs, keys); values: the moment in its unit, shape (runs,), finite. Where left-out rows do not gain
    by the process, there is none. Raises CalibrationError for too few runs, SklearnMissingError.
    """
    count, keys = inputs.shape
    if count < least_rows(keys):
        raise CalibrationError(f"{moment} has {count} runs for {keys} parameters: give at least {least_rows(keys)}.")
    folds = np.array_split(generator.permutation(count), FOLDS)
    with one_thread():
        recipe = _mean_recipe(inputs, values)
        errors, variance = _left_out(recipe, inputs, values, folds)
        other = _with_process(recipe, inputs, values, np.concatenate(folds)[:MOST_TUNED])
        other_errors, other_variance = _left_out(other, inputs, values, folds)
        if other_errors.sum() < (1.0 - LEAST_GAIN) * errors.sum():
            recipe, variance, errors = other, other_variance, other_errors
        fit = _fitted(recipe, inputs, values)
    # Runs that never differ leave no error and no variance: then the emulator is sure, and right.
    relative = np.divide(errors, variance, out=np.zeros(count), where=variance > 0.0)
    inflation = max(1.0, float(np.mean(relative)))
    total = float(np.sum((values - values.mean()) ** 2))
    r2 = 1.0 - float(np.sum(errors)) / total if total > 0.0 else 1.0
    return Emulator(moment, fit, r2, float(np.mean(relative <= 4.0 * inflation)), inflation)


def _terms(inputs: Floats, terms: str, active: Rows) -> Floats:
    """The terms of the polynomial, shape (points, terms): inputs, squares, products of active ones or of all."""
    parts = [inputs]
    if terms != "linear":
        parts.append(inputs**2)
    if terms.startswith("products"):
        one, other = _pairs(terms, active, inputs.shape[1])
        parts.append(inputs[:, one] * inputs[:, other])
    return np.hstack(parts)


def _pairs(terms: str, active: Rows, keys: int) -> tuple[Rows, Rows]:
    """The inputs whose products are terms."""
    among = np.arange(keys) if terms == "products" else active
    one, other = np.triu_indices(len(among), 1)
    return among[one], among[other]


def _standard(terms: Floats) -> tuple[Floats, Floats]:
    """Centre and spread of the terms; a term that never differs has spread 1."""
    spread = terms.std(axis=0)
    return terms.mean(axis=0), np.where(spread > 0.0, spread, 1.0)


def _mean_recipe(inputs: Floats, values: Floats) -> Recipe:
    """Terms and ridge that predict left-out rows best, and the inputs that matter most in them."""
    model, keys = package("sklearn.linear_model"), inputs.shape[1]
    best, tried, active = -np.inf, None, np.arange(keys)
    for terms in TERMS:
        columns = _terms(inputs, terms, active)
        centre, spread = _standard(columns)
        fit = model.RidgeCV(alphas=RIDGES).fit((columns - centre) / spread, values)
        weights = _weights(fit.coef_, terms, active, keys)
        if terms == "squares":
            active = _most(weights)
        if fit.best_score_ > best:
            best, tried = fit.best_score_, (terms, float(fit.alpha_), weights)
    terms, ridge, weights = tried  # type: ignore[misc]  # the first is always better than none
    return Recipe(terms, ridge, active if terms == "products of active" else _most(weights))


def _weights(slopes: Floats, terms: str, active: Rows, keys: int) -> Floats:
    """How much each input carries of what the polynomial explains: the squared slopes of all its terms."""
    squared = slopes**2
    weights: Floats = squared[:keys].copy()
    if terms != "linear":
        weights += squared[keys : 2 * keys]
    if terms.startswith("products"):
        for side in _pairs(terms, active, keys):
            weights += np.bincount(side, squared[2 * keys :], keys)
    return weights


def _most(weights: Floats) -> Rows:
    """The active inputs, in their order: those that carry enough, MOST_ACTIVE at most and one at least."""
    order = np.argsort(-weights, kind="stable")[:MOST_ACTIVE]
    enough = order[weights[order] >= LEAST_WEIGHT * weights.sum()]
    return np.sort(enough)


def _with_process(recipe: Recipe, inputs: Floats, values: Floats, rows: Rows) -> Recipe:
    """The recipe with the length scale, amplitude and luck that are likeliest for what the mean leaves of some rows.

    One decomposition a length scale serves all shares of luck, and the best amplitude follows from both: no search
    that could fail to converge.
    """
    kernels = package("sklearn.gaussian_process.kernels")
    fit = _fitted(recipe, inputs, values)
    rest = ((values - fit.predict(inputs)[0]) / fit.rest)[rows]
    places, best, kernel = inputs[rows][:, recipe.active], -np.inf, None
    for length in (one * len(recipe.active) ** 0.5 for one in LENGTHS):
        roots, turned = np.linalg.eigh(kernels.Matern(length, nu=2.5)(places))
        power = (turned.T @ rest) ** 2
        for share in LUCK_SHARES:
            spectrum = (1.0 - share) * np.maximum(roots, 0.0) + share
            size = max(float(np.mean(power / spectrum)), 1e-12)
            likelihood = -0.5 * (len(rest) * np.log(size) + float(np.log(spectrum).sum()))
            if likelihood > best:
                best, parts = likelihood, (size * (1.0 - share), length, size * share)
                kernel = _kernel(kernels, *parts)
    return Recipe(recipe.terms, recipe.ridge, recipe.active, kernel)


def _kernel(kernels: Any, amplitude: float, length: float, luck: float) -> Any:
    """A process with smooth paths (twice differentiable), and luck on top."""
    smooth = kernels.ConstantKernel(amplitude) * kernels.Matern(length, nu=2.5)
    return smooth + kernels.WhiteKernel(luck)


def _fitted(recipe: Recipe, inputs: Floats, values: Floats) -> Fit:
    """The recipe fitted to rows: ridge regression, and the process, its kernel given, on what that leaves."""
    columns = _terms(inputs, recipe.terms, recipe.active)
    centre, spread = _standard(columns)
    columns = (columns - centre) / spread
    squares = columns.T @ columns
    unsure: Floats = np.asarray(np.linalg.inv(squares + recipe.ridge * np.eye(len(squares))), dtype=np.float64)
    level = float(values.mean())
    slopes = unsure @ columns.T @ (values - level)
    left = values - level - columns @ slopes
    freedom = max(len(values) - 1.0 - float(np.einsum("ij,ji->", unsure, squares)), 1.0)
    rest = float(np.sqrt(left @ left / freedom)) or 1.0
    process, luck = None, float(left @ left / freedom)
    if recipe.kernel is not None:
        process = package("sklearn.gaussian_process").GaussianProcessRegressor(recipe.kernel, optimizer=None)
        process.fit(inputs[:, recipe.active], left / rest)
        luck = rest**2 * float(recipe.kernel.k2.noise_level)
    return Fit(recipe, centre, spread, slopes, level, len(values), unsure, rest, process, luck)


def _left_out(recipe: Recipe, inputs: Floats, values: Floats, folds: list[Rows]) -> tuple[Floats, Floats]:
    """Squared error, and variance with luck, of each row from a fit to the rows outside its fold."""
    errors, variance = np.empty(len(values)), np.empty(len(values))
    for fold in folds:
        others = np.setdiff1d(np.arange(len(values)), fold)
        fit = _fitted(recipe, inputs[others], values[others])
        mean, unsure = fit.predict(inputs[fold])
        errors[fold], variance[fold] = (values[fold] - mean) ** 2, unsure + fit.luck
    return errors, variance
