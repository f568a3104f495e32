"""What is published is of the values in use: whoever changes one is told what to run again."""

import json
from pathlib import Path

import pytest

from model.cases import load_case

PUBLISHED = Path(__file__).resolve().parents[2] / "results" / "published"
AGAIN = {
    "manifest.json": "run make demo, then python tests/published/reference.py",
    "validation/manifest.json": "run the commands that tests/published/validation.py names",
}


def plain(value):
    """A value as JSON has it."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize("name", AGAIN)
def test_published_results_are_of_the_values_in_use(name):
    then = json.loads((PUBLISHED / name).read_text(encoding="utf-8"))["parameters"]
    now = plain(load_case("pinghu").parameters.values())
    differ = sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key))
    assert not differ, f"results/published is of other values of {', '.join(differ)}: {AGAIN[name]}, then feidi docs."
