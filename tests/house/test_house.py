"""The house rules on form: short files, short functions, docstrings, nothing left for later."""

import ast
import importlib
import re

import pytest

FILE_LINES = 300
FUNCTION_LINES = 30
LATER = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str]) -> int:
    """The lines of a function without its docstring, comments and blank lines."""
    skipped: set[int] = set()
    if ast.get_docstring(function) is not None:
        docstring = function.body[0]
        skipped = set(range(docstring.lineno, docstring.end_lineno + 1))
    numbers = (number for number in range(function.lineno, function.end_lineno + 1) if number not in skipped)
    return sum(1 for number in numbers if lines[number - 1].strip() and not lines[number - 1].strip().startswith("#"))


def long_functions(name: str, text: str) -> list[str]:
    lines = text.splitlines()
    lengths = {
        f"{name}:{node.lineno} {node.name}": code_lines(node, lines)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
    return [f"{where} has {length} lines" for where, length in lengths.items() if length >= FUNCTION_LINES]


def changes_of_module_state(name: str, text: str) -> list[str]:
    return [f"{name}:{node.lineno} global" for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Global)]


def test_files_are_short(modules):
    lengths = {name: len(text.splitlines()) for name, text in modules.items()}
    assert {name: length for name, length in lengths.items() if length >= FILE_LINES} == {}


def test_functions_are_short(modules):
    tested = {name: text for name, text in modules.items() if not name.startswith("tests/")}
    assert [fault for name, text in tested.items() for fault in long_functions(name, text)] == []


def test_a_long_function_is_seen():
    short = 'def short():\n    """One\n\n    two."""\n' + "    # why\n\n" * 40 + "    pass\n" * (FUNCTION_LINES - 2)
    assert long_functions("model/a.py", short) == []
    assert len(long_functions("model/a.py", short + "    pass\n")) == 1


def test_every_module_says_what_it_is(modules):
    assert [name for name, text in modules.items() if not ast.get_docstring(ast.parse(text))] == []


def test_nothing_is_left_for_later(texts):
    assert [name for name, text in texts.items() if LATER.search(text)] == []


def test_something_left_for_later_is_seen():
    assert LATER.search("# TO" + "DO: mend")
    assert not LATER.search("the methodology")


def test_no_module_state_is_changed(packaged):
    assert [fault for name, text in packaged.items() for fault in changes_of_module_state(name, text)] == []


def test_a_change_of_module_state_is_seen():
    text = "count = 0\ndef more():\n    global count\n    count += 1"
    assert changes_of_module_state("model/a.py", text) == ["model/a.py:3 global"]


@pytest.mark.parametrize("package", ["agents", "model", "experiments"])
def test_the_packages_are_ours(package, root):
    """Another distribution may install a package of the same name; then its code would run instead of ours."""
    imported = importlib.import_module(package)
    assert imported.__file__ == str(root / package / "__init__.py"), f"{package} comes from elsewhere: use .venv"
