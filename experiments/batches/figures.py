"""Figures of a batch: those of its first point as a comparison, and those of its design."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.figures import write_figures

if TYPE_CHECKING:
    from experiments.batches.finish import Batch


def write_batch_figures(batch: Batch, folder: Path, language: str) -> list[str]:
    """Draw every figure that the batch has the tables for; the names of the files without their endings."""
    if batch.study is None:
        return []
    return write_figures(batch.study, folder)
