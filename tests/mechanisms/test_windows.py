"""Windows: the years in which a mechanism is open, by its name or its record."""

import pytest

from model.economy import EconomyModel
from model.mechanisms.enclave import ENCLAVE, ENCLAVE_FIXED
from model.registry import MechanismError, find_mechanism


def years(mechanism):
    return [year for year in range(2010, 2022) if mechanism.open_in(year)]


@pytest.mark.parametrize(
    ("name", "since", "until"),
    [
        ("enclave@2015", 2015, None),
        ("enclave@2010", 2013, None),
        ("enclave@-2016", 2013, 2016),
        ("enclave@-2012", 2013, 2012),
        ("enclave@2014-2016", 2014, 2016),
        ("enclave@2015-2015", 2015, 2015),
    ],
)
def test_a_window_stands_behind_the_name(name, since, until):
    found = find_mechanism(name)
    assert (found.name, found.since, found.until) == (name, since, until)
    assert found.luck == ENCLAVE.luck
    assert found.but(name="enclave", title=ENCLAVE.title, title_zh=ENCLAVE.title_zh, family="", until=None) == (
        ENCLAVE.but(since=since)
    )
    assert years(found) == list(range(since, 2022 if until is None else until + 1))


def test_the_titles_tell_the_years():
    assert find_mechanism("enclave@2015").title == "County enclave, from 2015"
    assert find_mechanism("enclave@2010").title == "County enclave, from 2013"
    assert find_mechanism("enclave@-2014").title == "County enclave, until 2014"
    assert find_mechanism("enclave@2015-2016").title_zh == "县域飞地抱团（2015—2016）"


def test_what_ran_once_has_begun_and_what_never_opens_has_not():
    assert [find_mechanism("enclave@-2014").begun(year) for year in (2012, 2013, 2014, 2020)] == [False, *[True] * 3]
    assert not any(find_mechanism("enclave@-2012").begun(year) for year in range(2006, 2036))


@pytest.mark.parametrize("years", ["", "15", "-", "2015-", "x", "2013-2014-2015", "20155", "2013,2015"])
def test_years_that_are_none_are_refused(years):
    with pytest.raises(MechanismError, match=r"names no years. Write enclave@2015 for from 2015 on"):
        find_mechanism(f"enclave@{years}")


@pytest.mark.parametrize("years", ["2010-2012", "2012-2012", "1000-1000"])
def test_a_window_that_never_opens_is_refused(years):
    told = rf"'enclave@{years}' would never open: enclave begins in 2013. .* enclave@{years[:4]}-2013 does, or leave"
    with pytest.raises(MechanismError, match=told):
        find_mechanism(f"enclave@{years}")
    assert find_mechanism(f"enclave@{years[:4]}-2013").open_in(2013)


def test_the_luck_of_a_variant_is_that_of_its_family():
    assert find_mechanism("enclave_fixed@2015").luck == ENCLAVE_FIXED.luck == "enclave"
    assert find_mechanism("solo@2015").luck == find_mechanism("solo").luck


@pytest.mark.parametrize(
    "arm",
    [
        ("enclave", "enclave@2015"),
        ("enclave@-2015", "solo", "enclave@2015"),
        ("enclave@2014-2016", "enclave@2015-2018"),
        ("enclave@2010", "enclave"),
    ],
)
def test_one_mechanism_is_not_open_twice_in_a_year(arm):
    with pytest.raises(MechanismError, match="are one and the same, open in the same years: give them years apart"):
        EconomyModel(case="tiny", mechanisms=arm)


def test_one_mechanism_may_be_open_in_two_windows():
    EconomyModel(case="tiny", mechanisms=("solo", "enclave@-2014", "enclave@2017"))
    EconomyModel(case="tiny", mechanisms=("enclave@-2012", "enclave"))  # the first one never opens


def test_two_records_of_one_name_are_one_mechanism_whatever_their_years():
    with pytest.raises(MechanismError, match="enclave is given twice"):
        EconomyModel(case="tiny", mechanisms=(ENCLAVE.but(until=2014), ENCLAVE.but(since=2015)))
