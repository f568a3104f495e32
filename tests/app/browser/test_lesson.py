"""The guided lesson in a browser: eight steps in both languages, each with a prediction that the worlds answer."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.one_version
STEPS = 8
PREDICTED = 1  # the step whose worlds are lived: they are those of Pinghu, which take their time
VERDICTS = {
    "en": re.compile(r"You were right\.|The worlds say otherwise\."),
    "zh": re.compile("你答对了。|结果与你的预测不同。"),
}


def test_the_lesson_asks_answers_goes_on_and_back_in_both_languages(visit):
    visit.open("case=tiny&lang=zh")
    visit.press("lesson")
    for step in range(1, STEPS + 1):
        visit.expect("[data-lesson]").to_have_attribute("data-lesson", str(step))
        assert visit.text(".feidi-lesson .ways span") == f"{step} / {STEPS}"
        assert visit.page.locator(".reveal").count() == 0
        visit.expect(".choices button:enabled").to_have_count(3)
        if step == PREDICTED:
            predicted(visit, "zh")
            visit.press("lang")
            visit.expect(".reveal b").to_have_text(VERDICTS["en"])
            visit.press("next")
            visit.expect("[data-lesson]").to_have_attribute("data-lesson", "2")
            visit.key("go-0", ".feidi-lesson").click()
            visit.expect(".choices button:enabled").to_have_count(3)
        visit.press("next")
    visit.expect("[data-lesson]").to_have_count(0)


def predicted(visit, lang):
    """Choose the first answer: the worlds are lived, and tell whether it was right."""
    visit.at(2005)
    visit.key("guess-0", ".feidi-lesson").click()
    visit.until("() => document.querySelector('.reveal')")
    assert visit.page.locator(".choices button:disabled").count() == 3
    answer = visit.page.locator(".reveal").get_attribute("data-answer")
    assert visit.page.locator(".choices .right").get_attribute("data-key") == f"guess-{answer}"
    assert re.fullmatch(VERDICTS[lang], visit.text(".reveal b"))
    assert "{" not in visit.text(".feidi-lesson")
