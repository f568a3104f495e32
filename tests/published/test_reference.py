"""Results do not move unnoticed, and README quotes what was published."""

import re
import runpy
from pathlib import Path

import pytest

from experiments.readme import quoted

reference = runpy.run_path(str(Path(__file__).with_name("reference.py")))
PUBLISHED = reference["REFERENCE"].parent
ARMS = ("enclave", "pooling")


def test_results_are_those_published():
    """To 1e-9, which machines with other vector units keep; 'books_gap' is rounding itself."""
    now, then = reference["results"](), reference["published"]()
    assert now.keys() == then.keys()
    for key, value in then.items():
        assert now[key] == pytest.approx(value, rel=1e-9, abs=1e-6, nan_ok=True), key


def test_accounts_are_those_published():
    """What rounds differently in a sector is small beside the largest of them, not always beside the sector."""
    now, then = reference["accounts"](), reference["published_accounts"]()
    assert list(now) == list(then)
    largest = max(abs(value) for value in then.values())
    for key, value in then.items():
        assert now[key] == pytest.approx(value, rel=1e-9, abs=1e-12 * largest), key


def words_of(page):
    """A page's text without its line breaks."""
    return " ".join((PUBLISHED.parents[1] / page).read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def readme():
    return words_of("README.md")


@pytest.fixture(scope="module")
def chinese():
    return words_of("README.zh-CN.md")


def yi(*millions):
    """Million yuan as the Chinese README tells them, and the ends of an interval."""
    return "至".join(f"{million / 100:.2f}亿" for million in millions) + "元"


def numbers(text):
    return [float(number) for number in re.findall(r"[+-]?\d+\.?\d*", text.replace(",", ""))]


def variant(command, arm, line="value created", year="2021", baseline="solo"):
    """What a variant brings, and the ends of its interval, in whole million yuan."""
    wanted = {"baseline": baseline, "arm": arm, "year": year, "line": line}
    (row,) = (
        row
        for row in reference["rows_of"](PUBLISHED / "variants.csv")
        if command in row["command"] and wanted.items() <= row.items()
    )
    return tuple(round(float(row[name]) / 1e6) for name in ("difference", "low", "high"))


GAIN = "gain of villages of Pinghu"


def test_readme_quotes_what_pooling_itself_brings(readme, chinese):
    value, *ends = variant("solo_funded", "enclave", baseline="solo_funded")
    gain = variant("solo_funded", "enclave", GAIN, baseline="solo_funded")[0]
    assert f"brings villages {gain} million and creates {value} ({ends[0]} to {ends[1]})" in readme
    assert f"给村集体带来{yi(gain)}，创造{yi(value)}（{yi(*ends)}）" in chinese


def test_readme_quotes_the_variants_of_cash(readme, chinese):
    a_quarter, none = (variant(f"aid_as_income={part} ", "aid:pooling", GAIN)[0] for part in ("0.25", "0"))
    net = variant("aid_net", "aid_net:pooling", GAIN)[0]
    late, *ends = (-value for value in variant("--years 30", "aid:pooling", year="2035"))
    assert f"cash brings {a_quarter} million at 0.25, and {none} where they keep all of it" in readme
    assert f"取0.25时现金带来{yi(a_quarter)}，全部留作建设或积蓄时带来{yi(none)}" in chinese
    assert f"brings {net} million" in readme
    assert f"（`aid_net:pooling`）带来{yi(net)}" in chinese
    assert f"aid loses {late} ({ends[1]} to {ends[0]})" in readme
    assert f"援助损失{yi(late)}（{yi(*reversed(ends))}）" in chinese


def test_readme_quotes_the_variants_of_places(readme, chinese):
    same, other, near = "place.contrast=0", "elsewhere", "agglomeration"
    gains = [variant(same, arm, GAIN)[0] for arm in ARMS]
    losses = [-variant(same, arm)[0] for arm in ARMS]
    worse, lonely = ([variant(name, arm)[0] for arm in ARMS] for name in (other, near))
    assert f"gain {gains[0]} million in `enclave` and {gains[1]} in `pooling`, but" in readme
    assert f"在`enclave`中得到{yi(gains[0])}，在`pooling`中得到{yi(gains[1])}，但" in chinese
    assert f"but {losses[0]} and {losses[1]} are lost to all" in readme
    assert f"但各方合计分别损失{yi(losses[0])}和{yi(losses[1])}" in chinese
    assert f"`enclave` would create {worse[0]} and `pooling` {worse[1]}" in readme
    assert f"`enclave`将创造{yi(worse[0])}，`pooling`将创造{yi(worse[1])}" in chinese
    assert f"`enclave` creates {lonely[0]} and `pooling` loses {-lonely[1]})" in readme
    assert f"`enclave`创造{yi(lonely[0])}，`pooling`损失{yi(-lonely[1])}）" in chinese


def test_readme_quotes_the_variants_of_time(readme, chinese):
    real, dear = (variant(f"discount_rate={rate}", "enclave") for rate in ("0.065", "0.08"))
    lost = [-variant(f"discount_rate={rate}", "pooling")[0] for rate in ("0.065", "0.08")]
    late = [variant("--years 30", arm, year="2035") for arm in ARMS]
    told = "creates {} ({} to {}) at 6.5% and {} ({} to {}) at 8%, `pooling` loses {} and {}."
    assert told.format(*real, *dear, *lost) in readme
    assert f"按6.5%只创造{yi(real[0])}（{yi(*real[1:])}），按8%则为{yi(dear[0])}（{yi(*dear[1:])}）" in chinese
    assert f"分别损失{yi(lost[0])}和{yi(lost[1])}。" in chinese
    assert "they create {} ({} to {}) and {} ({} to {}) at 4%".format(*late[0], *late[1]) in readme
    assert "分别创造{}（{}）和{}（{}）".format(*(yi(*part) for one in late for part in (one[:1], one[1:]))) in chinese


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize(
    ("page", "end", "start"), [("readme", r"(?<=\.) ", "Of each yuan"), ("chinese", "。", "每一元")]
)
def test_readme_quotes_who_paid(arm, page, end, start, request):
    """The sentence on each yuan names every part of it above a hundredth."""
    text = request.getfixturevalue(page)
    rows = [row for row in reference["rows_of"](PUBLISHED / "of_each_yuan.csv") if row["arm"] == arm]
    parts = {row["part"]: float(row["share"]) for row in rows}
    sentence = next(one for one in re.split(end, text) if f"`{arm}`" in one and start in one)
    told = numbers(sentence.split(start)[1].replace("3.0", ""))
    shown = [abs(share) for share in parts.values() if abs(share) >= 0.01]
    assert sorted(told) == [pytest.approx(share, abs=0.0051) for share in sorted(shown)]


def test_readme_quotes_the_effects_in_its_text(readme, chinese):
    """The text repeats, or says in percent of the baseline, what the table has in full."""
    rows = {(row["arm"], row["outcome"]): row for row in reference["rows_of"](PUBLISHED / "effects.csv")}
    all_, least = (rows["pooling", name] for name in ("recurrent_income_mean", "income_shortfall"))
    more = [round(100 * float(row["effect"]) / float(row["baseline_mean"])) for row in (all_, least)]
    gain = {arm: round(quoted(PUBLISHED)[arm, "gain"][0] / 1e6) for arm in (*ARMS, "aid:pooling")}
    created = round(quoted(PUBLISHED)["enclave", "created"][0] / 1e6)
    assert f"villages by {more[0]}%, that of the poorest 5% by {more[1]}%" in readme
    assert f"各村的收入提高{more[0]}%，收入最低的5%的村提高{more[1]}%" in chinese
    assert f"villages, {float(all_['baseline_mean']) / 1e4:.0f} in `solo`" in readme
    assert f"（在`solo`中为{float(all_['baseline_mean']) / 1e4:.0f}）" in chinese
    assert f"In the arm `enclave` they gain {gain['enclave']} million" in readme
    assert f"得到折现净收益{yi(gain['enclave'])}" in chinese
    assert f"In the arm `pooling` villages gain {gain['pooling']} million" in readme
    assert f"在方案`pooling`中，村集体得到{yi(gain['pooling'])}" in chinese
    assert f"{gain['pooling']} and {gain['aid:pooling']} million at the values in use" in readme
    assert f"分别带来{yi(gain['pooling'])}和{yi(gain['aid:pooling'])}，但" in chinese
    assert f"in place of {created} at 4% `enclave` creates" in readme
    assert f"`enclave`按4%创造{yi(created)}" in chinese
