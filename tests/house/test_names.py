"""What the kept files may not name: folders of somebody's machine, and hosts of package registries."""

import re

import pytest

# Put together from parts, so that this file does not name them itself.
_FOLDERS = "|".join(("work", "tmp", "home", "root", "mnt", "Users", "private", "scratch"))
MACHINE_PATH = re.compile(rf"(?<![\w.~\-/\\}})\]])(?:[A-Z]:)?[/\\](?:{_FOLDERS})[/\\]")
_HOSTS = (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("deb", "debian", "org"))
REGISTRY = re.compile("|".join(r"\.".join(parts) for parts in (*_HOSTS, ("conda", "anaconda", "org"))))


def named(pattern: re.Pattern[str], texts: dict[str, str]) -> list[str]:
    """Where the pattern occurs: file, line, match."""
    return [
        f"{name}:{number} {match.group()}"
        for name, text in texts.items()
        for number, line in enumerate(text.splitlines(), start=1)
        for match in pattern.finditer(line)
    ]


def test_no_file_names_a_folder_of_a_machine(texts):
    assert named(MACHINE_PATH, texts) == []


def test_no_file_names_a_registry(texts):
    assert named(REGISTRY, texts) == []


@pytest.mark.parametrize("before", ["", " ", '"', "file:", "(", "PYTHONPATH=", "C:"])
@pytest.mark.parametrize("folder", ["work", "tmp", "home", "Users"])
def test_a_folder_of_a_machine_is_seen(before, folder):
    assert named(MACHINE_PATH, {"a.md": f"x\n{before}" + "/" + folder + "/me/feidi"}) != []


@pytest.mark.parametrize(
    "text",
    [
        "results/" + "tmp/a.png",
        "https://example.org/" + "home/a",
        "~/" + "work/a",
        "{folder}/" + "tmp/",
        "/usr/bin/env",
        "/dev/null",
    ],
)
def test_other_paths_are_allowed(text):
    assert named(MACHINE_PATH, {"a.md": text}) == []


@pytest.mark.parametrize("host", ["https://" + "pypi" + ".org/simple", "registry." + "npmjs" + ".org"])
def test_a_registry_is_seen(host):
    assert named(REGISTRY, {"a.md": host}) != []
    assert named(REGISTRY, {"a.md": "mesa from PyPI, and Debian's packages"}) == []
