"""README tells the same in both languages: headings, commands, names, figures and links, paragraph by paragraph."""

import re
from decimal import Decimal

import pytest

from experiments.pages import PART
from experiments.readme import PAGES

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"\s*# (.*)$", re.MULTILINE)
HEADING = re.compile(r"^(#+) (.*)$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
NAME = re.compile(r"`[^`]+`")
NUMBER = re.compile(r"([-+]?\d+(?:,\d{3})*(?:\.\d+)?)(%|亿|万元)?")
ENGLISH = re.compile(r"[A-Za-z][\w'-]*(?:,? [A-Za-z][\w'-]*){3,}")
HAN = re.compile(r"[\u4e00-\u9fff]")
# What stands before an amount of money is told in millions in English; a unit that has digits in English alone.
MILLIONS = {"亿": Decimal(100), "万元": Decimal("0.01")}
UNIT = "in 10,000 yuan a year"
OWN = {
    "README.zh-CN.md": "README.md",
    "results/published/page.png": "results/published/page_zh.png",
    "results/published/effect_paths.png": "results/published/effect_paths_zh.png",
}


@pytest.fixture(scope="module")
def pages(root):
    """The text of the English and of the Chinese page."""
    return [(root / name).read_text(encoding="utf-8") for name in PAGES]


def prose(text):
    """A page without its code and its generated parts."""
    return FENCE.sub("", PART.sub("", text))


def numbers(text):
    """All figures outside names and links, in order of size, money in millions."""
    words = NAME.sub(" ", LINK.sub(r"\1", text.replace(UNIT, "")))
    found = [
        (Decimal(one.replace(",", "")) * MILLIONS.get(unit, 1), unit == "%") for one, unit in NUMBER.findall(words)
    ]
    return sorted(found)


def paragraphs(text):
    """The heading, and the paragraphs and points under it, of every section."""
    sections = re.split(r"^(?=#+ )", prose(text), flags=re.MULTILINE)
    return [[one for one in re.split(r"\n\s*\n|\n(?=- )", section.strip()) if one] for section in sections if section]


def differences(english, chinese):
    """Pairs of paragraphs, from their beginnings on, that differ in figures or names."""
    return [
        (one[:60], other[:60])
        for parts in zip(paragraphs(english), paragraphs(chinese), strict=True)
        for one, other in zip(*parts, strict=True)
        if numbers(one) != numbers(other) or sorted(NAME.findall(one)) != sorted(NAME.findall(other))
    ]


def english_sentences(text):
    return ENGLISH.findall(NAME.sub("``", LINK.sub(r"\1", prose(text))))


def test_both_have_the_same_headings_each_in_its_language(pages):
    english, chinese = (HEADING.findall(prose(page)) for page in pages)
    assert [level for level, _ in english] == [level for level, _ in chinese]
    assert [title for _, title in chinese if not HAN.search(title)] == []


def test_both_have_the_same_code_with_comments_in_their_language(pages):
    english, chinese = (FENCE.findall(page) for page in pages)
    assert len(english) > 5
    assert [(kind, COMMENT.sub("", code)) for kind, code in english] == [
        (kind, COMMENT.sub("", code)) for kind, code in chinese
    ]
    comments = [[one for _, code in blocks for one in COMMENT.findall(code)] for blocks in (english, chinese)]
    for one, other in zip(*comments, strict=True):
        assert numbers(one) == numbers(other), one
    assert [one for one in comments[1] if not HAN.search(one) and "、" not in one] == []


def test_both_have_the_same_figures_and_names_in_every_paragraph(pages):
    assert [len(section) for section in paragraphs(pages[0])] == [len(section) for section in paragraphs(pages[1])]
    assert differences(*pages) == []


def test_another_figure_unit_or_name_is_seen(pages):
    english, chinese = pages
    for told, other in (
        ("2.81亿元", "2.81万元"),
        ("（0.69亿至", "（0.68亿至"),
        ("22%", "22"),
        ("`solo_funded`", "`solo`"),
    ):
        assert told in chinese
        found = differences(english, chinese.replace(told, other, 1))
        assert len(found) == 1 + len(differences(english, chinese)), told


def test_both_link_to_the_same_files_which_exist(pages, root):
    english, chinese = ([target for _, target in LINK.findall(page)] for page in pages)
    assert sorted(OWN.get(target, target) for target in english) == sorted(chinese)
    files = [target for target in english + chinese if "://" not in target]
    assert [target for target in files if not (root / target).exists()] == []


def test_what_they_make_is_in_the_makefile(pages, root):
    rules = re.findall(r"^(\w+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for page in pages:
        named = set(re.findall(r"^make (\w+)|`make (\w+)", page, re.MULTILINE))
        assert {first or second for first, second in named} == {"demo", "app", "test", "bench"} <= {*rules}


def test_the_chinese_one_has_no_english_sentence(pages):
    assert english_sentences(pages[1]) == []
    assert english_sentences(pages[1] + "\nBoth pages say the same.\n") == ["Both pages say the same"]
