"""What the web page shows of parameters stands in both languages: names, meanings, sources, units and groups."""

from __future__ import annotations

import re

import pytest

from experiments.topics import TOPICS, topic_title
from experiments.words import LANGUAGES, WordError, chinese
from model.cases import case_names, load_case
from model.parameters import Parameter, load_parameters
from model.sources import KEY, load_sources

pytestmark = pytest.mark.one_version

HAN = re.compile(r"[\u4e00-\u9fff]")
# Commas, colons and the like belong to English sentences; a point may stand in a number, a version or a key.
ENGLISH_MARK = re.compile(r"[,;:?!()]|\.(?![0-9a-z])")
TITLE_WORDS, TITLE_SIGNS = 5, 12


def declared() -> list[Parameter]:
    parameters = load_parameters()
    return [parameters.declared(key) for key in parameters]


def is_told(one: Parameter) -> bool:
    """Whether a parameter has texts for readers of the page; every lever must."""
    return one.role == "lever" or any((one.title, one.title_zh, one.meaning_zh, one.source_zh))


def is_prose(source: str) -> bool:
    """Whether a source says more than which works it is from."""
    return not set(re.findall(r"\w+", source)) <= set(load_sources())


def faults(one: Parameter) -> list[str]:
    """What lacks or is wrong in the texts of a parameter."""
    lacking = [what for what in ("title", "title_zh", "meaning_zh") if not getattr(one, what).strip()]
    if bool(one.source_zh) != is_prose(one.source):
        lacking.append("source_zh")
    texts = [text for text in (one.title_zh, one.meaning_zh, one.source_zh) if text]
    wrong = [text for text in texts if not HAN.search(text) or ENGLISH_MARK.search(text)]
    lost = [key for key in KEY.findall(one.source) if key in load_sources() and key != "case"]
    return lacking + wrong + [key for key in lost if one.source_zh and key not in one.source_zh]


def make(**changes: str) -> Parameter:
    texts = {
        "title": "Rate",
        "title_zh": "利率",
        "meaning_zh": "年利率",
        "source": "ZJU: told",
        "source_zh": "ZJU：载明",
    }
    return Parameter("pool.rate", 1.0, "1", "a rate", (0, 2), "lever", "cited", **(texts | changes))


TOLD = [one for one in declared() if is_told(one)]


def test_every_lever_and_what_else_is_told_has_its_texts_in_both_languages():
    assert len([one for one in TOLD if one.role != "lever"]) >= 12
    assert {one.key: faults(one) for one in TOLD if faults(one)} == {}


@pytest.mark.parametrize("name", case_names())
def test_what_a_case_sets_otherwise_has_a_source_in_chinese_too(name):
    parameters = load_case(name).parameters
    told = [one for one in (parameters.declared(key) for key in parameters) if is_told(one)]
    assert {one.key: faults(one) for one in told if faults(one)} == {}


def test_a_text_that_lacks_or_is_not_chinese_is_seen():
    assert faults(make()) == faults(make(source="ZJU, case", source_zh="")) == []
    assert faults(make(title="", meaning_zh=" ")) == ["title", "meaning_zh", " "]
    assert faults(make(source_zh="")) == faults(make(source="ZJU", source_zh="ZJU：载明")) == ["source_zh"]
    assert faults(make(title_zh="Rate", source_zh="载明")) == ["Rate", "ZJU"]
    assert faults(make(meaning_zh="年利率, 10%")) == ["年利率, 10%"]
    assert faults(make(meaning_zh="每年0.5，见pool.rate（4.0版）")) == []


def test_names_are_short_and_no_two_are_the_same():
    assert [one.title for one in TOLD if len(one.title.split()) > TITLE_WORDS] == []
    assert [one.title_zh for one in TOLD if len(one.title_zh) > TITLE_SIGNS] == []
    for names in ([one.title for one in TOLD], [one.title_zh for one in TOLD]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("unit", sorted({one.unit for one in TOLD} - {"1"}))
def test_every_unit_has_a_word(unit):
    assert HAN.search(chinese()[unit])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_topic_has_a_title(lang):
    topics = {one.key.partition(".")[0] for one in declared()}
    assert set(TOPICS) == topics
    titles = [topic_title(topic, lang) for topic in TOPICS]
    assert len(set(titles)) == len(titles)
    assert all(bool(HAN.search(title)) == (lang == "zh") for title in titles)


def test_an_unknown_topic_and_another_language_are_refused():
    with pytest.raises(WordError, match=r"no topic 'pol'\. Did you mean 'pool'\?"):
        topic_title("pol", "en")
    with pytest.raises(WordError, match="no language 'fr'"):
        topic_title("pool", "fr")
