"""The layers: agents <- model <- experiments. Nothing looks upwards."""

import ast

import pytest

MAY_SEE = {
    "agents": {"agents"},
    "model": {"agents", "model"},
    "experiments": {"agents", "model", "experiments"},
}
OURS = {*MAY_SEE, "tests", "benchmarks", "results"}


def imported(tree: ast.AST) -> list[tuple[int, str]]:
    """The line and the full name of all that is imported, at the top or inside functions, or by its name in a text."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, "." * node.level + (node.module or "")))
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("import_module", "__import__"):
            found += [(node.lineno, a.value) for a in node.args if isinstance(a, ast.Constant) and a.value]
    return found


def upward_imports(name: str, text: str) -> list[str]:
    """The imports of a module that its layer may not make."""
    allowed = MAY_SEE[name.split("/")[0]]
    return [
        f"{name}:{line} imports {target or 'from beside it'}"
        for line, target in imported(ast.parse(text))
        if target.startswith(".") or (target.split(".")[0] in OURS and target.split(".")[0] not in allowed)
    ]


def star_imports(name: str, text: str) -> list[str]:
    return [
        f"{name}:{node.lineno} imports *"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names)
    ]


def test_nothing_looks_upwards(packaged):
    assert len(packaged) > 10
    assert [fault for name, text in packaged.items() for fault in upward_imports(name, text)] == []


def test_nothing_is_imported_by_a_star(modules):
    assert [fault for name, text in modules.items() for fault in star_imports(name, text)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("agents/village.py", "import model"),
        ("agents/village.py", "from model.parameters import Parameters"),
        ("agents/village.py", "def grow():\n    from experiments import cli"),
        ("model/year.py", "import numpy, experiments.runner"),
        ("model/year.py", "from importlib import import_module\nimport_module('experiments.cli')"),
        ("model/year.py", "from .draws import Draws"),
        ("experiments/cli.py", "from tests.house import conftest"),
    ],
)
def test_an_upward_import_is_seen(name, text):
    assert len(upward_imports(name, text)) == 1


def test_a_downward_import_is_allowed():
    text = "import numpy\nfrom agents.table import Table\nfrom model.draws import Draws\nfrom modelling import nothing"
    assert upward_imports("model/year.py", text) == []
    assert upward_imports("experiments/cli.py", text) == []


def test_a_star_is_seen():
    assert star_imports("model/year.py", "from math import *") == ["model/year.py:1 imports *"]
