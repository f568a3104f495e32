"""The command of the page: what keeps it from being served is told in a line, and who can reach it is said."""

from __future__ import annotations

import os
import socket
from importlib import util
from importlib.resources import files

import pytest

from experiments.app import server
from experiments.app.server import FURTHER_CASES, PAGE, SETTINGS, ServerError, serve
from experiments.cli import main
from experiments.commands.app import HOST, PORT

pytestmark = pytest.mark.one_version


@pytest.fixture(autouse=True)
def settings(monkeypatch):
    """The settings of the framework and the cases are as they were behind each test."""
    for name in (*SETTINGS, FURTHER_CASES, "SOLARA_APP"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def served(monkeypatch):
    """What would be served: host, port and whether a browser is opened."""
    found = []
    monkeypatch.setattr(server, "_run", lambda host, port, *, browser: found.append((host, port, browser)))
    return found


@pytest.fixture
def taken():
    """A port that somebody listens on."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        one.listen()
        yield one.getsockname()[1]


def told(capsys):
    """The one line on stderr."""
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("feidi: ")
    assert output.err.count("\n") == 1
    return output.err


def test_a_port_that_is_taken(served, taken, capsys):
    assert main(["app", "--port", str(taken), "--no-browser"]) == 2
    assert f"{HOST}:{taken} can't be used" in (line := told(capsys))
    assert "--port 0" in line
    assert served == []


@pytest.mark.parametrize("port", ["-1", "65536", "99999999"])
def test_a_number_that_is_no_port(served, port, capsys):
    assert main(["app", f"--port={port}"]) == 2
    assert f"port is {port}" in told(capsys)
    assert served == []


def test_a_word_that_is_no_port(served, capsys):
    assert main(["app", "--port", "http"]) == 2
    assert "'http' is not a whole number" in told(capsys)


def test_an_address_that_is_not_of_this_machine(served, capsys):
    assert main(["app", "--host", "192.0.2.1", "--port", "0"]) == 2
    assert "192.0.2.1:0 can't be used" in told(capsys)
    assert served == []


@pytest.mark.parametrize("missing", server.NEEDED)
def test_a_package_that_is_missing(served, missing, monkeypatch, capsys):
    found = util.find_spec
    monkeypatch.setattr(util, "find_spec", lambda name: None if name == missing else found(name))
    assert main(["app", "--port", "0"]) == 2
    assert f"the page needs {missing}: install it with pip install 'feidi[app]'." in told(capsys)
    assert served == []


def test_a_case_file_that_is_none(served, tmp_path, capsys):
    assert main(["app", "--port", "0", "--case", str(tmp_path / "gone.toml")]) == 2
    assert "no case file" in told(capsys)
    assert served == []


def test_the_page_is_served_on_this_machine_alone(served, capsys):
    serve(HOST, 0)
    ((host, port, browser),) = served
    assert (host, browser) == ("127.0.0.1", True)
    assert 1024 <= port <= 65535
    assert port != PORT
    assert capsys.readouterr().err == ""
    assert {name: os.environ[name] for name in SETTINGS} == SETTINGS
    assert os.environ[FURTHER_CASES] == ""


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_nothing_is_said_of_loopback(served, host, capsys):
    serve(host, 0, browser=False)
    assert capsys.readouterr().err == ""
    assert served[0][2] is False


def test_who_can_be_reached_by_others_is_warned(served, capsys):
    assert main(["app", "--host", "0.0.0.0", "--port", "0", "--no-browser"]) == 0
    assert "0.0.0.0 can be reached by others" in told(capsys)
    assert len(served) == 1


def test_what_the_operator_has_set_stays(served, monkeypatch):
    monkeypatch.setenv("SOLARA_KERNEL_CULL_TIMEOUT", "1h")
    serve(HOST, 0)
    assert os.environ["SOLARA_KERNEL_CULL_TIMEOUT"] == "1h"


def test_cases_of_the_operator_are_offered_by_their_whole_paths(served, tmp_path, monkeypatch):
    (tmp_path / "mine.toml").write_bytes((files("model.cases") / "tiny.toml").read_bytes())
    monkeypatch.chdir(tmp_path)
    assert main(["app", "--port", "0", "--case", "mine.toml", "--no-browser"]) == 0
    assert os.environ[FURTHER_CASES] == str((tmp_path / "mine.toml").resolve())


def test_a_port_is_free_again_at_once(taken):
    with pytest.raises(ServerError):
        serve(HOST, taken)


def test_the_page_is_where_it_is_said_to_be():
    assert util.find_spec(PAGE) is not None


def test_help_tells_the_options(capsys):
    with pytest.raises(SystemExit) as end:
        main(["app", "--help"])
    assert end.value.code == 0
    text = capsys.readouterr().out
    assert all(option in text for option in ("--port", "--host", "--case", "--no-browser", str(PORT), HOST))
