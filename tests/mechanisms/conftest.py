"""Rules of the economy are checked on one version of Python: the second one runs the reference, to the last digits."""

import pytest

ON_BOTH = {"test_mesa.py", "test_mesa_batch_run.py", "test_partnership_graph.py", "test_added_mechanism.py"}


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.parent.name == "mechanisms" and item.path.name not in ON_BOTH:
            item.add_marker(pytest.mark.one_version)
