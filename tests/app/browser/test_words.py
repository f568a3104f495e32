"""Both languages in a browser: nothing on the page is left in the other one."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.one_version
LATIN, CHINESE = re.compile(r"[A-Za-z]{3,}"), re.compile(r"[\u3400-\u9fff]+")
# What stays as it is: names of the page, of file formats, of the other language, of mechanisms and keys of levers as
# commands have them, and the field of a link that can't be used.
LEFT_IN_CHINESE = {"Feidi", "CSV", "Parquet", "English", "seed"}
NAMES = re.compile(r"[a-z]+[_.][a-z_.]+")
TERM = re.compile(r"\([\u3400-\u9fff]+\)")  # the original one beside its English words
SOURCE = "来源："  # of a lever: authors and keys of the list of sources, in any language
LEFT_IN_ENGLISH = {"飞地", "中文"}
# All that can be read or heard, visible or folded away; fields of links and commands, and keys of levers, aside.
WORDS = """() => { const found = [], page = document.querySelector(".feidi");
  const walk = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  while (walk.nextNode())
    if (!walk.currentNode.parentNode.closest("style, script, code")) found.push(walk.currentNode.data);
  for (const name of ["aria-label", "title", "aria-valuetext"])
    for (const one of page.querySelectorAll(`[${name}]`)) found.push(one.getAttribute(name));
  return found; }"""
TABS = 5


def left_over(visit, pattern, known):
    """Words of the other language: each with the text in which it stands."""
    texts = visit.page.evaluate(WORDS)
    texts = [TERM.sub("", NAMES.sub("", text)) for text in texts if not text.startswith(SOURCE)]
    return {text for text in texts if set(pattern.findall(text)) - known}


def everywhere(visit, pattern, known):
    """The same over all tabs, with somebody's card and the lesson open."""
    found = set()
    for tab in range(TABS):
        visit.key(str(tab), ".feidi-tabs").click()
        visit.expect(f'[role="tab"][data-key="{tab}"]').to_have_attribute("aria-selected", "true")
        visit.expect(".feidi-payers").to_have_count(int(tab == 2))
        found |= left_over(visit, pattern, known)
    for kind in ("County", "Town", "Village", "Project"):
        visit.page.locator(f'.feidi-graph.b [data-key^="{kind}-"]').first.dispatch_event("click")
        visit.expect(f'[data-card^="{kind}-"]').to_be_visible()
        found |= left_over(visit, pattern, known)
    visit.key("none", ".feidi-card").click()
    visit.expect(".feidi-card").to_have_count(0)
    return found


def test_nothing_is_left_in_the_other_language(visit):
    """With a lever changed and a fault told; then in a branch, with the lesson open."""
    visit.open("case=tiny&a=enclave&b=pooling&b.pool.coupon_rate=0.08&year=2019&lang=zh&seed=-1", 2019)
    assert everywhere(visit, LATIN, LEFT_IN_CHINESE) == set()
    visit.press("lang")
    visit.expect(".feidi").to_have_attribute("lang", "en")
    assert everywhere(visit, CHINESE, LEFT_IN_ENGLISH) == set()
    visit.press("branch-b")
    visit.expect(".feidi-world.a .chip").to_be_visible()
    visit.press("lesson")
    visit.expect("[data-lesson]").to_be_visible()
    assert left_over(visit, CHINESE, LEFT_IN_ENGLISH) == set()
    visit.press("lang")
    visit.expect(".feidi").to_have_attribute("lang", "zh")
    visit.expect(".feidi-lesson h2").to_have_text(CHINESE)
    assert left_over(visit, LATIN, LEFT_IN_CHINESE) == set()
