"""The sources that parameters cite by key."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib import resources

KEY = re.compile(r"\b(?:case|[A-Z]{2,}\d*)\b")


def load_sources() -> dict[str, str]:
    """What each source key stands for, in the order of the file."""
    text = resources.files("model").joinpath("sources.toml").read_text(encoding="utf-8")
    return {key: str(value) for key, value in tomllib.loads(text).items()}


def unknown_sources(texts: Iterable[str]) -> list[str]:
    """Source keys before the colon of some texts that are not explained. Keys are in capitals, or ``case``."""
    known = load_sources()
    named = {key for text in texts for key in KEY.findall(text.split(":")[0])}
    return sorted(named - set(known))
