"""What all tests share: the versions that a report of a failure needs."""

from importlib.metadata import version


def pytest_report_header() -> str:
    """The versions of what the model stands on, beside pytest's own header."""
    return "feidi: " + ", ".join(f"{name} {version(name)}" for name in ("mesa", "numpy", "pandas", "scipy"))
