"""Check sums of the code that decides results, so that results of two states of it never mix."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


class CodeChangedError(RuntimeError):
    """The code of the model is no longer that with which a batch began."""


def digest(*texts: str) -> str:
    """A short check sum of texts."""
    return hashlib.blake2b("\x1f".join(texts).encode(), digest_size=12).hexdigest()


def code_digest() -> str:
    """A check sum of the code that decides results: agents, model and the mechanisms of one's own, as files are now."""
    import agents
    import model
    from model.registry import FOLDERS

    roots = [Path(str(package.__file__)).parent for package in (agents, model)]
    roots += [Path(folder) for folder in os.environ.get(FOLDERS, "").split(os.pathsep) if folder]
    files = [file for root in roots for ending in ("*.py", "*.toml") for file in sorted(root.rglob(ending))]
    return digest(*(f"{file.name}\x1f{file.read_text(encoding='utf-8')}" for file in files))


def check_code(code: str) -> None:
    """Refuse to run with other code than that of a check sum. Raises CodeChangedError."""
    if code_digest() != code:
        raise CodeChangedError(
            "the code of the model, or a mechanism of your own, was changed while the batch ran. What is kept is of "
            "the code at its start: put that back and give the same command again, or give --out another folder."
        )
