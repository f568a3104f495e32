"""The parts of the page that run in the browser: a template each, and what it is given and tells back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

Told = Callable[[Any], object] | None


@solara.component_vue("keyed.vue")
def Keyed(html: str = "", look: str = "", event_pick: Told = None) -> None:  # noqa: N802
    """HTML made on the server; what is clicked in it tells its ``data-key``. look: names of CSS classes."""


@solara.component_vue("transport.vue")
def Transport(  # noqa: N802
    texts: dict[str, str],
    year: int,
    first: int,
    lived: int,
    last: int,
    playing: bool,
    busy: bool,
    ended: bool,
    pace: int,
    paces: int,
    event_toggle: Told = None,
    event_step: Told = None,
    event_reset: Told = None,
    event_scrub: Told = None,
    event_set_pace: Told = None,
) -> None:
    """The clock: play, pause, step, reset, pace, and a slider over the lived years."""


@solara.component_vue("world.vue")
def WorldBar(  # noqa: N802
    texts: dict[str, str],
    side: str,
    arm: str,
    arms: list[dict[str, Any]],
    since: int,
    can_branch: bool,
    event_set_arm: Told = None,
    event_branch: Told = None,
    event_unbranch: Told = None,
) -> None:
    """Which arm a world is, and its branch. side: a or b; since: year of the branch, 0 without one."""


@solara.component_vue("levers.vue")
def Levers(  # noqa: N802
    texts: dict[str, Any], groups: list[dict[str, Any]], branched: list[bool], event_set_lever: Told = None
) -> None:
    """All levers in groups, for one world or both. Tells key, value (None: the usual one) and sides."""


@solara.component_vue("form.vue")
def Form(  # noqa: N802
    texts: dict[str, str],
    cases: list[dict[str, str]],
    case_name: str,
    seed: int,
    first: int,
    until: int,
    horizon: int,
    event_set: Told = None,
) -> None:
    """Case, seed and last year. Tells name and text of what was changed."""


@solara.component_vue("share.vue")
def Share(texts: dict[str, str], lines: list[dict[str, Any]]) -> None:  # noqa: N802
    """Texts to be copied: the link and the command."""


@solara.component_vue("files.vue")
def Files(  # noqa: N802
    items: list[dict[str, str]], parcel: dict[str, Any] | None = None, event_make: Told = None
) -> None:
    """Files that are made when they are asked for. parcel: the last one, with filename, mime and base64."""
