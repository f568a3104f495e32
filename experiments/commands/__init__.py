"""The commands of ``feidi``, a file each, found by being here.

Each module has ``NAME``, ``HELP`` and ``add(parser)``, which declares the options and sets ``act``, the function that
carries the command out: parsed options and words in, exit code out. Nothing heavy is imported before ``act``.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from types import ModuleType

BAD_INPUT, FAILED, INTERRUPTED = 2, 1, 130


class UsageError(ValueError):
    """A command line that cannot be read."""


def commands() -> dict[str, ModuleType]:
    """The modules of all commands by name, in the order in which help shows them."""
    modules = [import_module(f"{__name__}.{one.name}") for one in pkgutil.iter_modules(__path__)]
    found = sorted((one for one in modules if hasattr(one, "NAME")), key=lambda one: one.ORDER)
    return {one.NAME: one for one in found}
