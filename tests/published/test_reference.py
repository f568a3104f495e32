"""Results do not move unnoticed, and README quotes what was published."""

import re
import runpy
from pathlib import Path

import pytest

reference = runpy.run_path(str(Path(__file__).with_name("reference.py")))
PUBLISHED = reference["REFERENCE"].parent


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


@pytest.fixture(scope="module")
def readme():
    return (PUBLISHED.parents[1] / "README.md").read_text(encoding="utf-8")


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


def test_readme_quotes_the_variants(readme):
    text = " ".join(readme.split())
    gain, same, late = "gain of villages of Pinghu", "place.contrast=0", "--years 30"
    value, low, high = variant("solo_funded", "enclave", baseline="solo_funded")
    enclave, pooling = variant(late, "enclave", year="2035"), variant(late, "pooling", year="2035")
    aid, real = variant(late, "aid:pooling", year="2035"), variant("discount_rate=0.065", "enclave")
    dear = variant("rate=0.08", "enclave")
    for told in (
        f"brings villages {variant('solo_funded', 'enclave', gain, baseline='solo_funded')[0]} million",
        f"and creates {value} ({low} to {high})",
        f"gain {variant(same, 'enclave', gain)[0]} million in `enclave`",
        f"and {variant(same, 'pooling', gain)[0]} in `pooling`, but",
        f"but {-variant(same, 'enclave')[0]} and {-variant(same, 'pooling')[0]} are lost to all",
        f"creates {real[0]} ({real[1]} to {real[2]}) at 6.5% and {dear[0]} ({dear[1]} to {dear[2]}) at 8%",
        f"`pooling` loses {-variant('rate=0.065', 'pooling')[0]} and {-variant('rate=0.08', 'pooling')[0]}",
        f"create {enclave[0]} ({enclave[1]} to {enclave[2]}) and {pooling[0]} ({pooling[1]} to {pooling[2]}) at 4%",
        f"aid loses {-aid[0]} ({-aid[2]} to {-aid[1]})",
        f"would create {variant('elsewhere', 'enclave')[0]} and `pooling` {variant('elsewhere', 'pooling')[0]}",
        f"`enclave` creates {variant('agglomeration', 'enclave')[0]} and",
        f"and `pooling` loses {-variant('agglomeration', 'pooling')[0]})",
        f"cash brings {variant('aid_as_income=0.25', 'aid:pooling', gain)[0]} million at 0.25,",
        f"and {variant('aid_as_income=0 ', 'aid:pooling', gain)[0]} where they keep all of it",
        f"brings {variant('aid_net', 'aid_net:pooling', gain)[0]} million",
    ):
        assert told in text


@pytest.mark.parametrize("arm", ["enclave", "pooling"])
def test_readme_quotes_who_paid(arm, readme):
    """The sentence on each yuan names every part of it above a hundredth."""
    text = " ".join(readme.split())
    rows = [row for row in reference["rows_of"](PUBLISHED / "of_each_yuan.csv") if row["arm"] == arm]
    parts = {row["part"]: float(row["share"]) for row in rows}
    sentence = next(one for one in re.split(r"(?<=\.) ", text) if f"`{arm}`" in one and "Of each yuan" in one)
    told = numbers(sentence.split("Of each yuan")[1].replace("3.0", ""))
    shown = [abs(share) for share in parts.values() if abs(share) >= 0.01]
    assert sorted(told) == [pytest.approx(share, abs=0.0051) for share in sorted(shown)]
