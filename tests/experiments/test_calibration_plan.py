"""What is set to what: plans hold to targets and parameters, and what is adopted is what was found."""

import shutil

import pandas as pd
import pytest

from experiments.calibration.adopt import ENSEMBLES, adopt, check_root, differing
from experiments.calibration.moments import CalibrationError
from experiments.calibration.plan import CalibrationPlan, load_plan, moment_of, plans, read_plan
from experiments.validation.targets import CALIBRATION, Target, load_targets
from model.cases import load_case
from model.parameters import load_parameters

BLOCK = {
    "name": "villages",
    "meaning": "incomes",
    "targets": ["income_mean_2021"],
    "rounds": 1,
    "parameters": {"pinghu.common_income": {"start": 230_000.0, "why": "a level"}},
}
ENSEMBLE = {"points": 8, "new": 4, "waves": 1, "forgiven": 0, "sets": 3, "most_loss": 2.0, "furthest": 3.0}
PLAN = {"seeds": 1, "batch": 2, "seed": 1, "block": [BLOCK], "ensemble": ENSEMBLE}


@pytest.mark.parametrize("case", plans())
def test_every_calibration_target_is_set_in_one_block_and_none_is_left_over(case):
    set_to = [name for block in load_plan(case).block for name in block.targets]
    assert sorted(set_to) == sorted(one.name for one in load_targets(case).of_use(CALIBRATION))


@pytest.mark.parametrize("case", plans())
def test_starts_lie_in_the_declared_ranges(case):
    plan = load_plan(case)
    for block in plan.block:
        for key, one in plan.ranges(block).items():
            assert one.low <= plan.start[key] <= one.high, key


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"targets": ["income_min_2021"]}, "income_min_2021 is for validation: nothing may be set to it"),
        ({"targets": ["income_maen_2021"]}, "Did you mean 'income_mean_2021'"),
        ({"parameters": {"village.payout": {"start": 0.42, "why": "x"}}}, "village.payout is cited"),
        ({"rounds": 0}, "greater than or equal to 1"),
        ({"parameters": {}}, "at least 1"),
        ({"parameters": {"credit.term": {"start": 99.0, "why": "x"}}}, "starts at 99, outside 5 to 15"),
        ({"parameters": {"credit.moon": {"start": 1.0, "why": "x"}}}, "no parameter 'credit.moon'"),
        ({"name": "../x"}, "should match pattern"),
    ],
)
def test_a_wrong_plan_is_refused(changes, told):
    with pytest.raises(CalibrationError, match=told):
        read_plan("pinghu", {**PLAN, "block": [BLOCK | changes]})


@pytest.mark.parametrize(
    ("again", "told"),
    [
        ({"name": "again"}, r"pinghu.common_income is set in two blocks"),
        ({"name": "again", "parameters": {"credit.term": {"start": 10.0, "why": "x"}}}, "is a target of two blocks"),
    ],
)
def test_a_name_comes_once(again, told):
    with pytest.raises(CalibrationError, match=told):
        read_plan("pinghu", {**PLAN, "block": [BLOCK, BLOCK | again]})


def test_what_the_ensemble_varies_besides_is_looked_up_at_once():
    with pytest.raises(CalibrationError, match=r"no parameter 'village.moon'"):
        read_plan("pinghu", {**PLAN, "ensemble": ENSEMBLE | {"also": ["village.moon"]}})


@pytest.mark.parametrize(
    ("kind", "value", "ends"),
    [("equal", 5.0, (5.0, 5.0)), ("within", (2.0, 4.0), (2.0, 4.0)), ("at_least", 3.0, (3.0, float("inf")))],
)
def test_a_target_as_a_moment_fits_where_the_target_does(kind, value, ends):
    given = load_targets("pinghu").targets[0].model_dump() | {"kind": kind, "value": value}
    moment = moment_of(Target.model_validate(given))
    assert moment.fitting == ends
    assert ends[0] <= moment.value <= ends[1]


@pytest.fixture
def root(tmp_path):
    """A project's parameter files, to be written to."""
    for folder in ("parameters", "cases"):
        shutil.copytree(
            f"model/{folder}", tmp_path / "model" / folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
        )
    (tmp_path / ENSEMBLES).mkdir(parents=True)
    return tmp_path


SETS = pd.DataFrame([{"pinghu.common_income": 250_000.0, "credit.debt_limit": 0.9}])


def two_keys() -> CalibrationPlan:
    more = {**BLOCK["parameters"], "credit.debt_limit": {"start": 0.75, "why": "loans"}}
    return read_plan("pinghu", {**PLAN, "block": [BLOCK | {"parameters": more}]})


def test_what_is_adopted_stands_in_the_files_with_its_provenance(root):
    written = adopt(two_keys(), {"pinghu.common_income": 250_000.0, "credit.debt_limit": 0.9}, SETS, root)
    assert sorted(file.name for file in written) == ["credit.toml", "pinghu.csv", "pinghu.toml"]
    assert pd.read_csv(root / ENSEMBLES / "pinghu.csv").equals(SETS)
    general = load_parameters(root / "model" / "parameters")
    assert general["credit.debt_limit"] == 0.9
    found = general.declared("credit.debt_limit")
    assert found.status == "calibrated"
    assert found.source.startswith("set to income_mean_2021 by feidi calibrate; ")
    assert found.source_zh.startswith("由feidi calibrate按“2021年村均经常性收入”设定；贷款")
    case = load_case(root / "model" / "cases" / "pinghu.toml", general)
    path, before = (one.parameters.declared("pinghu.common_income").value for one in (case, load_case("pinghu")))
    assert path[2012] == 250_000.0
    assert path[2005] / path[2012] == pytest.approx(before[2005] / before[2012], rel=1e-11)


def test_adopting_twice_tells_provenance_once(root):
    for value in (0.9, 0.8):
        adopt(two_keys(), {"pinghu.common_income": 250_000.0, "credit.debt_limit": value}, SETS, root)
    found = load_parameters(root / "model" / "parameters").declared("credit.debt_limit")
    assert found.source.count("feidi calibrate") == found.source_zh.count("feidi calibrate") == 1


def test_adopting_leaves_comments_and_other_tables_alone(root):
    file = root / "model" / "parameters" / "credit.toml"
    before = file.read_text(encoding="utf-8")
    adopt(two_keys(), {"pinghu.common_income": 250_000.0, "credit.debt_limit": 0.9}, SETS, root)
    after = file.read_text(encoding="utf-8")
    assert after.splitlines()[0] == before.splitlines()[0]
    assert "[credit.term]" in after
    assert len(set(before.splitlines()) - set(after.splitlines())) <= 4


def test_a_root_without_the_model_is_refused(tmp_path):
    with pytest.raises(CalibrationError, match="give the root of the project"):
        adopt(two_keys(), {"pinghu.common_income": 2.5e5, "credit.debt_limit": 0.9}, SETS, tmp_path)


def test_nothing_is_adopted_where_one_table_is_missing(root):
    file = root / "model" / "parameters" / "credit.toml"
    case = root / "model" / "cases" / "pinghu.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("[credit.debt_limit]", "[credit.other]"), encoding="utf-8")
    before = case.read_bytes()
    with pytest.raises(CalibrationError, match=r"no table credit.debt_limit"):
        adopt(two_keys(), {"pinghu.common_income": 2.5e5, "credit.debt_limit": 0.9}, SETS, root)
    assert case.read_bytes() == before


def test_adopting_outside_the_sources_is_refused_before_anything_is_run(tmp_path, root):
    with pytest.raises(CalibrationError, match="not the project's sources"):
        check_root(tmp_path, two_keys())
    (root / "pyproject.toml").touch()
    check_root(root, two_keys())


def test_keys_that_differ_from_the_values_in_use_are_told():
    parameters = load_case("pinghu").parameters
    point = {"pinghu.common_income": parameters.at("pinghu.common_income", 2012), "credit.debt_limit": -1.0}
    assert differing(two_keys(), point) == ["credit.debt_limit"]
