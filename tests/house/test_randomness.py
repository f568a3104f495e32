"""All luck comes from model/draws.py: there is no other source of random numbers in the packages."""

import ast
import inspect

import networkx
import pytest

DRAWS = "model/draws.py"
SOURCES = ("random", "secrets", "uuid", "numpy.random")
# Mesa gives every model and agent generators of its own, shared by all decisions.
MESA_OWN = ("self.random", "self.rng", "model.random", "model.rng", "self.model.random", "self.model.rng")
UNSEEDED_METHODS = ("shuffle_do", "default_rng", "urandom")
RESAMPLING = ("bootstrap", "permutation_test", "monte_carlo_test")
PLOTS = ("lineplot", "barplot", "pointplot", "regplot", "lmplot", "relplot", "catplot")


def annotations(tree: ast.AST) -> set[ast.AST]:
    """All nodes inside annotations: naming the type of a generator draws nothing."""
    roots = [
        getattr(node, field, None)
        for node in ast.walk(tree)
        for field in ("annotation", "returns")
        if getattr(node, field, None) is not None
    ]
    return {inner for top in roots for inner in ast.walk(top)}


def full_names(tree: ast.AST) -> dict[str, str]:
    """What each imported name stands for: ``np`` -> ``numpy``."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {
                a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names
            }
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def spelled(node: ast.AST, names: dict[str, str]) -> str:
    """The dotted name of a node, its first part written out in full; empty for anything else."""
    text = ast.unparse(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""
    first, dot, rest = text.partition(".")
    return names.get(first, first) + dot + rest


def from_source(name: str) -> bool:
    return any(name == source or name.startswith(f"{source}.") for source in SOURCES)


def loose_call(call: ast.Call, names: dict[str, str]) -> str:
    """What a call lacks to be the same every time; empty when nothing."""
    name, given = spelled(call.func, names), {word.arg for word in call.keywords}
    package, _, last = name.rpartition(".")
    if name == "hash":
        return "hash() differs between processes: use key_of"
    if name.startswith("networkx.") and not given & {"seed", None}:
        function = getattr(networkx, last, None)
        if callable(function) and "seed" in inspect.signature(function).parameters:
            return f"{last} without seed="
    if last in RESAMPLING and package.startswith("scipy") and not given & {"rng", "random_state"}:
        return f"{last} without a generator of Draws"
    if last in PLOTS and name.startswith("seaborn.") and not given & {"seed", "errorbar"}:
        return f"{last} without seed= or errorbar="
    return ""


def loose_luck(module: str, text: str) -> list[str]:
    """Every place where a module could get random numbers past Draws."""
    tree = ast.parse(text)
    names, typed = full_names(tree), annotations(tree)
    found = []
    for node in ast.walk(tree):
        if node in typed:
            continue
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            base = node.module if isinstance(node, ast.ImportFrom) else ""
            targets = [f"{base}.{alias.name}" if base else alias.name for alias in node.names]
            found += [(node.lineno, f"imports {target}") for target in targets if from_source(target)]
        elif isinstance(node, ast.Attribute):
            name = spelled(node, names)
            if from_source(name) or name in MESA_OWN or node.attr in UNSEEDED_METHODS:
                found.append((node.lineno, name or node.attr))
        elif isinstance(node, ast.Call) and loose_call(node, names):
            found.append((node.lineno, loose_call(node, names)))
    return [f"{module}:{line} {what}" for line, what in sorted(set(found))]


def test_all_luck_comes_from_draws(packaged):
    assert DRAWS in packaged
    others = {name: text for name, text in packaged.items() if name != DRAWS}
    assert [fault for name, text in others.items() for fault in loose_luck(name, text)] == []


def test_draws_itself_would_be_seen(packaged):
    assert loose_luck("elsewhere.py", packaged[DRAWS]) != []


@pytest.mark.parametrize(
    "text",
    [
        "import random",
        "from random import choice",
        "import secrets",
        "from uuid import uuid4",
        "import numpy.random",
        "import numpy.random as luck",
        "from numpy import random",
        "from numpy.random import default_rng",
        "import numpy as np\nx = np.random.rand(3)",
        "import numpy as np\nrng = np.random.default_rng()",
        "import numpy\nrng = numpy.random.Generator(bits)",
        "import os\nx = os.urandom(8)",
        "def step(self):\n    return self.random.random()",
        "def step(model):\n    return model.rng.normal()",
        "agents.shuffle_do('step')",
        "import networkx as nx\ng = nx.gnp_random_graph(9, 0.1)",
        "from networkx import spring_layout\np = spring_layout(graph)",
        "from scipy.stats import bootstrap\nb = bootstrap((x,), mean)",
        "from scipy import stats\nb = stats.bootstrap((x,), mean)",
        "import seaborn as sns\nsns.lineplot(data=table)",
        "key = hash('village')",
    ],
)
def test_loose_luck_is_seen(text):
    assert loose_luck("model/a.py", text) != []


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\ndef draw(rng: np.random.Generator) -> np.random.Generator:\n    return rng.random(3)",
        "luck = draws.generator('site', 2010).random(5)",
        "import networkx as nx\ng = nx.gnp_random_graph(9, 0.1, seed=3)\nh = nx.Graph()\nn = nx.number_of_nodes(g)",
        "from scipy.stats import bootstrap\nb = bootstrap((x,), mean, rng=draws.generator('bootstrap'))",
        "import seaborn as sns\nsns.lineplot(data=table, errorbar=None)",
    ],
)
def test_luck_of_draws_is_allowed(text):
    assert loose_luck("model/a.py", text) == []
