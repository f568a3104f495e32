"""Whatever a link says, the page opens with worlds that can be built, and tells in a line what it did not use."""

from __future__ import annotations

from importlib.resources import files
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from experiments.app.link import LONGEST, LONGEST_WORD, MOST_FIELDS, read_link
from experiments.app.setup import first_setup
from experiments.scenario import AID_ARMS, SCENARIOS
from model.cases import HORIZON, case_names
from model.draws import MOST_SEEDS

pytestmark = pytest.mark.one_version

LINE = 400  # characters of a fault
usual = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

names = st.sampled_from(
    [
        *(
            "case",
            "seed",
            "until",
            "year",
            "lang",
            "a",
            "b",
            "a.then",
            "b.then",
            "a.since",
            "b.since",
            "c",
            "",
            "a.",
            ".",
        ),
        *("a.pool.coupon_rate", "b.stress.slump", "b.then.pool.coupon_rate", "b.then.place.contrast", "a.choice.rule"),
        *("a.village.payout", "b.build.cost", "a.tiny.revenue", "b.then.then", "a.then.since", "__class__", "seed\x00"),
    ]
)
values = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                " ",
                "nan",
                "inf",
                "-inf",
                "1e999",
                "-1",
                "1.5",
                "٣",
                "١٩",
                "2010",
                "2021",
                "0",
                "0.1",
                "1_0",
                "0x10",
            ),
            *("1" * 5000, "9" * 400, "1e-999", "tiny", "pinghu", "../tiny", "solo", "solo+", "+", "+++", "aid:solo"),
            *("aid:aid:pooling", "aid:pooling", "aid_net", "enclave[pool.coupon_rate=0.07]", "solo+enclave@2015"),
            *("solo+solo", "solo+enclave", "own+solo", "__import__('os')", "{why}", "%s%n", "<script>", "zh", "\ud800"),
        ]
    ),
    st.text(max_size=12),
)
fields = st.lists(st.tuples(names, values), max_size=9)


def check(query):
    """Read a link; what it opens can be built, and its faults are lines in both languages."""
    opened = read_link(query)
    setup = opened.setup
    setup.fate()
    assert setup.case_name in case_names()
    assert 0 <= setup.seed < MOST_SEEDS
    assert setup.case.first_year <= setup.end <= HORIZON
    assert opened.year is None or setup.case.first_year - 1 <= opened.year <= setup.end
    assert opened.lang in ("", "en", "zh")
    for fault in opened.faults:
        for lang in ("en", "zh"):
            told = fault.told(lang)
            assert 0 < len(told) < LINE
            assert told.isprintable(), "one line, and nothing hidden"
    assert setup.command()
    return opened


@usual
@given(st.text(max_size=200))
def test_any_text_opens_worlds(text):
    check(text)


@usual
@given(fields)
@example([("b", "solo+solo")])
@example([("b", "pooling"), ("b.then", "pooling"), ("b.then.place.contrast", "0")])
@example([("a.then", "solo+solo"), ("a.since", "2012")])
@example([("b.then", "{why}"), ("b.since", "2010")])
def test_any_fields_open_worlds(said):
    text = urlencode([("case", "tiny"), *said], errors="replace")
    opened = check(text)
    known = {fault.values.get("name", "") for fault in opened.faults}
    shown = {name.replace("\x00", " ")[:LONGEST_WORD] for name, _ in said}
    assert known <= shown | {"case", "a", "b", "a.since", "b.since", ""}


REFUSED = {
    "a": [
        *("", "nobody", "aid:solo", "aid:none", "aid:aid:pooling", "aid:aid", "solo+nobody", "__import__('os').name"),
        *("solo+enclave@2015", "enclave@2015+", "enclave[pool.coupon_rate=0.07]", "solo+enclave[stress.slump=1]"),
        *("+", "solo+solo", "solo enclave", "solo+\nenclave", "-", "SOLO", "solo\x00", "s" * 9000),
    ],
    "case": ["", "tiny.toml", "nowhere", "tiny\x00", "Tiny", "~/tiny.toml", "file:tiny", "model.cases"],
    "seed": ["", "-1", "1.0", "1e3", "nan", "inf", "٣", "²", "1_0", " 1", str(MOST_SEEDS), "9" * 5000, "0x1"],
    "until": ["", "2005", str(HORIZON + 1), "-2021", "2021.5", "9" * 13],
    "year": ["", "2004", "2022", "now", "٢٠٢١"],
    "lang": ["de", "ZH", "zh-CN", "../zh"],
    "b.pool.coupon_rate": ["", "nan", "inf", "-inf", "1e999", "-0.1", "9", "high", "0.1;0.2", "2006:0.1", "0x1p-4"],
    "b.choice.rule": ["0.5", "-1", "99"],
    "b.build.cost": ["1"],
    "b.tiny.revenue": ["1"],
    "b.village.payout": ["0.3"],
    "b.prices.discount_rate": ["0.05"],
    "b.since": ["2010"],
    "b.then.pool.coupon_rate": ["0.1"],
    "anything": ["", "1"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, some in REFUSED.items() for value in some])
def test_what_can_not_be_used_is_told_and_the_rest_is_used(name, value):
    said = {"case": "tiny", "seed": "5", "b": "enclave", name: value}
    opened = check(urlencode(said))
    (fault,) = opened.faults
    assert fault.values["name"] == name
    assert name in fault.told("en")
    assert name in fault.told("zh")
    setup = opened.setup
    assert setup.right.policy.arm == "enclave"
    assert not setup.right.policy.changes
    assert setup.left.policy.arm == "solo"
    assert (setup.case_name, setup.seed) == (
        "pinghu" if name == "case" else "tiny",
        1 if name == "seed" else 5,
    )


def test_a_case_file_is_refused_though_it_is_there(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_bytes((files("model.cases") / "tiny.toml").read_bytes())
    for said in (str(file), f"file://{file}", str(files("model.cases") / "tiny.toml")):
        opened = check(urlencode({"case": said}))
        assert opened.setup.case_name == "pinghu"
        assert [fault.values["name"] for fault in opened.faults] == ["case"]


@pytest.mark.parametrize(
    "query",
    [
        "a=" + "x" * 100_000,
        "&".join(f"a{number}=1" for number in range(5000)),
        "x" * (LONGEST + 1),
        "&" * MOST_FIELDS,
        "%" * 100_000,
    ],
    ids=len,
)
def test_a_link_that_is_too_long_is_not_read(query):
    opened = check(query)
    assert opened.setup == first_setup()
    assert [fault.told("en") for fault in opened.faults] == ["This link is too long and was not read."]


@pytest.mark.parametrize("arm", sorted(AID_ARMS))
def test_cash_aid_is_not_branched(arm):
    for said in ({"b": arm, "b.then": "enclave"}, {"b": "enclave", "b.then": arm}):
        opened = check(urlencode({"case": "tiny", "b.since": "2012", **said}))
        assert opened.setup.right.then is None
        assert opened.setup.right.policy.arm == said["b"]
        assert [fault.text for fault in opened.faults] == ["A world that lives on cash aid can't be branched."]


@pytest.mark.parametrize("arm", sorted(SCENARIOS))
@pytest.mark.parametrize("since", ["2005", "2036", "", "x"])
def test_a_branch_in_no_year_is_told_and_begins_with_the_first(arm, since):
    opened = check(urlencode({"case": "tiny", "b": "solo", "b.then": arm, "b.since": since}))
    assert opened.setup.right.since == 2006
    assert [fault.values["name"] for fault in opened.faults] == ["b.since"]
