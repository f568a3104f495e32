"""Presets and the guided lesson: they build, they ask of outcomes that there are, and their answers can be told."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

import pytest

from experiments.app.setup import Choice, Policy, Setup
from experiments.app.stories import ANSWERS, LESS, MORE, SAME, lesson, presets
from experiments.app.teaching import step_html
from experiments.app.views import TABS
from experiments.app.world import Pair
from model.cases import load_case
from model.indicators import INDICATORS

pytestmark = pytest.mark.one_version

PINGHU = Setup(Choice(Policy("solo")), Choice(Policy("pooling")))
STEPS = {step.title: step for step in lesson()}
CHINESE = r"[\u3400-\u9fff]"
ASCII_BETWEEN = re.compile(rf"{CHINESE}[,:?;()!]|[,:?;()!]{CHINESE}|{CHINESE}\.(?!\d)")


@pytest.mark.parametrize("preset", presets(), ids=lambda one: one.name)
def test_every_preset_builds(preset):
    for before in (PINGHU, Setup(PINGHU.left, PINGHU.right, "tiny", 5, 2030)):
        setup = preset.setup(before)
        setup.fate()
        last_year = preset.until or before.last_year
        assert (setup.case_name, setup.seed, setup.last_year) == (before.case_name, before.seed, last_year)
        assert [choice.policy.arm for choice in setup.choices] == [preset.a, preset.b]
        for choice, own in zip(setup.choices, (preset.levers_a, preset.levers_b), strict=True):
            assert dict(choice.policy.changes) == {**preset.levers, **own}
    assert preset.tab in range(len(TABS))


def test_presets_follow_the_versions():
    versions = [one for one in presets() if re.fullmatch(r"\d\.0", one.name)]
    assert [one.name for one in versions] == [f"{number}.0" for number in range(1, 8)]
    assert [one.a for one in versions[1:]] == [one.b for one in versions[:-1]]
    assert len({one.name for one in presets()}) == len(presets())


@pytest.mark.parametrize("title", STEPS)
def test_every_step_builds_and_asks_for_what_there_is(title):
    step, case = STEPS[title], load_case("pinghu")
    setup = step.setup()
    setup.fate()
    assert (setup.case_name, setup.seed, setup.end) == (PINGHU.case_name, PINGHU.seed, PINGHU.end)
    assert [choice.policy.arm for choice in setup.choices] == [step.a, step.b]
    left, right = (dict(choice.policy.changes) for choice in setup.choices)
    assert (left, right) == (step.levers, {**step.levers, **step.levers_b})
    assert step.written_for in ANSWERS
    assert step.compared in INDICATORS
    assert step.than in ("", *INDICATORS)
    assert not step.than or INDICATORS[step.than].unit == INDICATORS[step.compared].unit
    assert step.tab in range(len(TABS))
    assert case.first_year <= step.year <= case.last_year
    assert len(step.choices) == len(step.choices_zh) == 3
    assert (step.within > 0.0) != (step.within_units > 0.0)


@pytest.mark.parametrize("title", STEPS)
def test_what_counts_as_the_same_is_what_the_choice_says(title):
    step = STEPS[title]
    for lang in ("en", "zh"):
        texts = " ".join((step.said("question", lang), step.said("choices", lang)[SAME]))
        if step.within:
            (percent,) = re.findall(r"(\d+)%", texts.replace("5%的村", "").replace("5% of villages", ""))
            assert int(percent) == pytest.approx(100.0 * step.within)
        elif lang == "en":
            (million,) = re.findall(r"(\d+) million", texts)
            assert int(million) * 1e6 == step.within_units
        else:
            (many,) = re.findall(r"(\d+)万元", texts)
            assert int(many) * 1e4 == step.within_units


class World:
    """A world of given values."""

    def __init__(self, **values):
        self.outcomes = values

    def frame(self, year):
        return self


class Worlds:
    """Two worlds of given values."""

    def __init__(self, left, right, name):
        self.years, self.worlds = (2005,), (World(**{name: left}), World(**{name: right}))


@pytest.mark.parametrize("title", [title for title, step in STEPS.items() if not step.than])
def test_answers_by_hand(title):
    step = STEPS[title]
    base = 1e9
    near = step.within_units or step.within * base
    for gap, answer in ((1.01 * near, MORE), (-1.01 * near, LESS), (0.99 * near, SAME), (-0.99 * near, SAME)):
        assert step.answer(Worlds(base, base + gap, step.compared)) == answer


def test_one_outcome_against_another_of_the_same_world():
    step = next(one for one in lesson() if one.than)
    pair = Worlds(1.0, 20.0, step.compared)
    for world in pair.worlds:
        world.outcomes[step.than] = 10.0
    assert step.values(pair) == (10.0, 20.0)
    assert step.answer(pair) == MORE


@pytest.mark.parametrize("title", STEPS)
def test_answers_and_their_texts_on_a_small_county(title, live):
    step = STEPS[title]
    pair = live(step.a, step.b, **step.levers)
    answer = step.answer(pair)
    assert answer in range(3)
    for lang in ("en", "zh"):
        told = step.revealed(pair, lang)
        assert "{" not in told
        written = step.said("reveal", lang).rpartition("}")[2]
        assert (written in told) == (ANSWERS[answer] == step.written_for)
        html = step_html(step, 0, answer, pair, lang)
        assert f'data-answer="{answer}"' in html
        assert html.count('data-key="guess-') == 3
        assert ('class="right"' in html, 'class="chosen"' in html) == (True, False)
        wrong = step_html(step, 0, (answer + 1) % 3, pair, lang)
        assert ('class="right"' in wrong, 'class="chosen"' in wrong) == (True, True)
        before = step_html(step, 0, -1, None, lang)
        assert "data-answer" not in before
        assert "disabled" not in before


def test_the_first_answers_of_the_real_county():
    """What the steps up to the value created say is what their texts were written for."""
    for steps in (lesson()[:2], lesson()[2:5]):
        (year,) = {one.year for one in steps}
        setup = steps[0].setup()
        assert all(step.setup() == setup for step in steps)
        pair = Pair(*setup.arms[0], setup.fate())
        pair.live_to(year)
        assert [ANSWERS[step.answer(pair)] for step in steps] == [step.written_for for step in steps]


def texts_of(name):
    rows = next(iter(tomllib.loads((files("experiments.app") / name).read_text(encoding="utf-8")).values()))
    for row in rows:
        for key, value in row.items():
            if key.endswith("_zh"):
                yield from (value if isinstance(value, list) else [value])


@pytest.mark.parametrize("name", ["presets.toml", "lesson.toml"])
def test_chinese_texts_have_chinese_signs(name):
    texts = list(texts_of(name))
    assert len(texts) >= len(presets()) - 1
    assert [text for text in texts if ASCII_BETWEEN.search(text)] == []
    assert all(re.search(CHINESE, text) for text in texts)


def test_a_sign_of_another_script_is_seen():
    assert ASCII_BETWEEN.search("甲,乙")
    assert ASCII_BETWEEN.search("甲(乙)")
    assert not ASCII_BETWEEN.search("甲，乙：5.5%（2.0）。")
