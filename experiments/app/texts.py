"""The texts of the controls, in the reader's language."""

from __future__ import annotations

from typing import Any

from experiments.app.batch import CANCELLED, DONE, FAILED, RUNNING, WAITING, Progress
from experiments.app.panels import arm_title
from experiments.app.setup import Choice
from experiments.words import say


def transport_texts(lang: str, year: int, opening: int) -> dict[str, str]:
    """Of the clock. opening: the year of the opening state."""
    shown = (
        say("{year}, the opening", lang, year=year) if year == opening else str(year) + ("年" if lang == "zh" else "")
    )
    return {
        "clock": say("The clock of both worlds", lang),
        "play": say("Play", lang),
        "pause": say("Pause", lang),
        "step": say("Step", lang),
        "reset": say("Reset", lang),
        "pace": say("Speed", lang),
        "shown": shown,
    }


def world_texts(lang: str, year: int, side: int, choice: Choice) -> dict[str, str]:
    """Of a world's bar. year: from which it would be branched."""
    other, before = "BA"[side], arm_title(choice.policy.arm, lang)
    return {
        "arm": say("What this world is", lang),
        "branch": say("Branch into {other} from {year} on", lang, other=other, year=year),
        "branch_why": say(
            "{other} becomes the same world, and its policy changes from {year} on", lang, other=other, year=year
        ),
        "since": say("until {year}: {arm}", lang, year=(choice.since or year) - 1, arm=before),
        "unbranch": say("take the branch back", lang),
    }


def lever_texts(lang: str) -> dict[str, Any]:
    """Of the levers."""
    return {
        "target": say("Which world the levers act on", lang),
        "targets": {"both": say("both worlds", lang), "a": say("only A", lang), "b": say("only B", lang)},
        "about": say("what it is, and says who?", lang),
        "usual": say("usual value:", lang),
        "limits": say("possible:", lang),
        "source": say("source:", lang),
        "contracts": say(
            "Levers act on contracts that were signed before, too: a lower coupon is lower for all pools, "
            "and counts as no broken promise.",
            lang,
        ),
        "fixed": say("It shapes the opening, so that a branch can't change it.", lang),
    }


def form_texts(lang: str) -> dict[str, str]:
    """Of case, seed and last year."""
    return {
        "case": say("case", lang),
        "seed": say("seed of the luck", lang),
        "until": say("last year", lang),
    }


def progress_text(progress: Progress, lang: str) -> str:
    """How far many seeds are."""
    known = {"done": progress.done, "wanted": progress.wanted}
    if progress.state == WAITING:
        return say("waiting for the runs of others …", lang)
    if progress.state == RUNNING:
        return say("{done} of {wanted} seeds", lang, **known)
    if progress.state == DONE:
        return say("{wanted} seeds: bands hold 95% of the runs, intervals are of the mean difference", lang, **known)
    if progress.state == CANCELLED:
        return say("cancelled", lang)
    if progress.state == FAILED:
        return say("The runs failed: {why}", lang, why=progress.why)
    return ""
