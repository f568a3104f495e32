"""Rules of the economy are checked on one version of Python: the second one holds the reference to 1e-9."""

from pathlib import Path

import pytest

ON_BOTH = {"test_mesa.py", "test_mesa_batch_run.py", "test_partnership_graph.py", "test_added_mechanism.py"}


assert all(Path(__file__).with_name(name).is_file() for name in ON_BOTH), "a file of ON_BOTH has another name now"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "mechanisms" and item.path.name not in ON_BOTH:
            item.add_marker(pytest.mark.one_version)
