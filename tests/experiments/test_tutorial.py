"""The tutorial runs from top to bottom in a kernel of this interpreter, and shows what it promises."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.one_version

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.ipynb"
INLINE = "module://matplotlib_inline.backend_inline"
# In a process of its own: the sockets of a kernel's client are closed with it. The last cell names the interpreter.
RUN = """
import sys
import nbformat
from nbclient import NotebookClient

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
notebook.cells.append(nbformat.v4.new_code_cell("import sys\\nprint(sys.executable)"))
NotebookClient(notebook, kernel_name="python3", timeout=300).execute()
nbformat.write(notebook, target)
"""


@pytest.fixture(scope="module")
def stored():
    return nbformat.read(TUTORIAL, as_version=4)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """The tutorial with its outputs. Jupyter looks for its kernel in a folder of the test's own first."""
    folder = tmp_path_factory.mktemp("jupyter")
    spec = folder / "kernels" / "python3"
    spec.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (spec / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "here", "language": "python"}))
    own = {"JUPYTER_PATH": folder, "JUPYTER_RUNTIME_DIR": folder, "IPYTHONDIR": folder, "PYTHONPATH": ROOT}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(TUTORIAL), str(folder / "ran.ipynb")],
        cwd=folder,
        env={**os.environ, **{name: str(path) for name, path in own.items()}, "MPLBACKEND": INLINE},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(folder / "ran.ipynb", as_version=4)


def outputs(notebook):
    """All outputs of all cells."""
    return [one for cell in notebook.cells if cell.cell_type == "code" for one in cell.outputs]


def test_it_is_stored_without_outputs(stored):
    assert outputs(stored) == []
    assert {cell.execution_count for cell in stored.cells if cell.cell_type == "code"} == {None}
    assert stored.metadata.kernelspec.name == "python3"


def test_it_runs_here_and_no_cell_fails(ran):
    assert ran.cells[-1].outputs[0].text.strip() == sys.executable
    assert [one for one in outputs(ran) if one.output_type == "error"] == []
    assert all(cell.execution_count for cell in ran.cells if cell.cell_type == "code")


def test_every_cell_of_code_shows_something(ran):
    """A table, a figure or a sentence; the progress of runs does not count."""
    code = [cell for cell in ran.cells[:-1] if cell.cell_type == "code"]
    assert [cell.id for cell in code if not any("data" in one for one in cell.outputs)] == []


def test_tables_figures_and_computed_sentences_are_there(ran):
    shown = [one["data"] for one in outputs(ran) if "data" in one]
    kinds = [kind for one in shown for kind in one]
    assert kinds.count("image/png") == 2
    assert kinds.count("text/html") >= 6
    assert kinds.count("text/markdown") >= 4
    text = "\n".join(one.get("text/markdown", "") for one in shown)
    assert "`enclave`" in text
    assert "`aid:enclave`" in text
    assert "nan" not in text
