"""Experiment files: what they can say, and what is told about what they cannot."""

from __future__ import annotations

from importlib.resources import files

import pytest

from experiments.batches.command import studies
from experiments.batches.plan import plan_batch
from experiments.cli import main
from experiments.design_file import parse_experiment, written_experiment

pytestmark = pytest.mark.one_version

SMALL = 'title = "T"\nquestion = "Q?"\ncase = "tiny"\narms = ["solo", "enclave"]\n'


def faults(text: str) -> list[str]:
    with pytest.raises(ValueError) as caught:  # noqa: PT011  # of whichever part refuses it
        plan_batch(parse_experiment(text, "file"))
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("[seeds]\ncount = 0", "seeds.count is 0"),
        ("[seeds]\ncuont = 3", "seeds.cuont: there is no such field. Did you mean 'count'?"),
        ('[seeds]\ncount = 3\n[seeds.target]\noutcome = "jobs"\nhalf_width = 1.0', "count and target are both given"),
        ('[seeds.target]\noutcome = "jobs"\nhalf_width = 1.0\nfirst = 20\ncap = 10', "cap is 10, below first, 20"),
        ('[design]\nkind = "gird"', "design.kind is 'gird'"),
        ('[design]\nkind = "list"', "it needs at least one"),
        ('[design]\nkind = "sobol"', "uncertainties belong to the kinds"),
        ('[[design.point]]\n"stress.slump" = 0.4', 'needs a name of its own, such as name = "slump"'),
        ('[design]\nlevers = { "place.contrast" = [] }', "a lever has no values"),
        ('[design]\nlevers = { "place.contrast" = [nan] }', "design.levers.place.contrast.0 is nan"),
        ("[outputs]\nyears = [2040]", "outputs.years has 2040: give years from 2006 to 2021"),
        ('[outputs]\noutcomes = ["income"]', "no outcome 'income'"),
        ('pairs = [["solo", "enclve"]]', "Did you mean 'enclave'?"),
        ('[changes]\n"pool.coupon_rte" = 0.1', "Did you mean 'pool.coupon_rate'?"),
        ('[changes]\n"pool.coupon_rate" = "a tenth"', "pool.coupon_rate"),
        (
            '[changes]\n"place.contrast" = 1.0\n[design]\nlevers = { "place.contrast" = [0.0] }',
            "place.contrast is in [changes] and varied by the design",
        ),
        ('[design]\nlevers = { "pool.coupon_rate" = [7.0] }', "outside the limits"),
        (
            '[[expected]]\narm = "enclave"\noutcome = "jobs"\nsign = "+"\nbecause = "x"',
            "expected.0: outcome 'jobs' is not kept",
        ),
        (
            '[[expected]]\narm = "town"\noutcome = "recurrent_income_mean"\nsign = "+"\nbecause = "x"',
            "town against solo is not compared",
        ),
        (
            '[[expected]]\narm = "enclave"\noutcome = "recurrent_income_mean"\nsign = "0"\nbecause = "x"',
            "within goes with sign = '0'",
        ),
        (
            '[[expected]]\narm = "enclave"\noutcome = "recurrent_income_mean"\nsign = "+"\npoint = "a"\nbecause = "x"',
            "there is no point 'a'",
        ),
        ('[[arm]]\nname = "mine"\nmechanisms = ["solo"]', "'mine' is not among arms"),
        ("[design]\npoints = [", "not valid TOML"),
    ],
)
def test_a_fault_is_told_with_field_value_and_remedy(added, told):
    assert told in "\n".join(faults(SMALL + added))


def test_many_faults_are_told_line_by_line():
    lines = faults('title = "T"\narms = []\n[seeds]\nfirst = -1\n')
    assert len(lines) == 3
    assert all(line.startswith("file: ") for line in lines)
    assert "question is missing. Add question = ..." in lines[0] + lines[1] + lines[2]


def test_keys_may_be_written_with_or_without_quotes():
    quoted = parse_experiment(SMALL + '[changes]\n"pool.coupon_rate" = 0.08', "a")
    nested = parse_experiment(SMALL + "[changes.pool]\ncoupon_rate = 0.08", "b")
    assert quoted == nested
    dated = parse_experiment(SMALL + "[changes]\nlabour.wage = { 2006 = 20_000.0, 2013 = 40_000 }", "c")
    assert dated.changes == {"labour.wage": {2006: 20_000.0, 2013: 40_000.0}}
    assert plan_batch(dated).job(plan_batch(dated).units[0]).changes == dated.changes


def test_a_generated_file_says_what_it_was_made_of():
    said = {
        "title": '中文 "quoted"',
        "question": "Q",
        "case": "tiny",
        "arms": ["solo"],
        "design": {"kind": "list", "point": [{"name": "a", "stress.slump": 0.4}]},
        "outputs": {"books": False},
    }
    experiment, text = written_experiment(said)
    assert parse_experiment(text, "again") == experiment
    assert experiment.title == said["title"]
    assert experiment.design.point == ({"name": "a", "stress.slump": 0.4},)


@pytest.mark.parametrize("name", studies())
def test_every_study_can_be_planned_and_expects_something(name):
    plan = plan_batch(parse_experiment(studies()[name], name))
    assert len(plan.experiment.expected) >= 3
    first, seeds = plan.experiment.seeds.first, {unit.seed for unit in plan.units}
    assert seeds == set(range(first, first + len(seeds)))
    late = {"aid", "slump_and_guarantee", "year_six"}
    assert (plan.last_year == 2035) == (name in late)


def test_the_template_is_a_valid_experiment(tmp_path, capsys):
    path = tmp_path / "mine.toml"
    assert main(["new", "experiment", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == (files("experiments") / "template.toml").read_text(encoding="utf-8")
    assert main(["check", str(path)]) == 0
    told = capsys.readouterr().out
    assert "Lever pool.coupon_rate: 0.1, 0.085, 0.07 (the case: 0.1)." in told
    assert "60 runs" in told
    assert main(["new", "experiment", str(path)]) == 2
    assert "is there already" in capsys.readouterr().err


def test_units_are_every_seed_at_every_point():
    text = SMALL + '[seeds]\ncount = 2\nfirst = 5\n[design]\nlevers = { "place.contrast" = [0.0, 1.0] }'
    plan = plan_batch(parse_experiment(text, "file"))
    assert [(unit.point, unit.seed) for unit in plan.units] == [(0, 5), (0, 6), (1, 5), (1, 6)]
    assert plan.runs == 8
    assert [plan.changes(unit)["place.contrast"] for unit in plan.units] == [0.0, 0.0, 1.0, 1.0]
    assert [plan.detailed(unit) for unit in plan.units] == [True, True, False, False]


def test_a_sample_scales_paths_and_sobol_picks_a_seed_a_point():
    keys = 'uncertainties = ["labour.wage", "place.agglomeration"]'
    text = SMALL + f'[seeds]\ncount = 50\n[design]\nkind = "sobol"\npoints = 4\n{keys}'
    plan = plan_batch(parse_experiment(text, "file"))
    assert len(plan.points) == len(plan.units) == 4 * (3 + 2)
    assert len({unit.seed for unit in plan.units}) > 4
    wage = plan.case.parameters.declared("labour.wage").value
    for point in plan.points:
        changed = point.changes["labour.wage"]
        ratios = {round(changed[year] / wage[year], 9) for year in wage}
        assert len(ratios) == 1
        assert "seed" not in point.changes
