"""How hypothesis looks for counter-examples: the same ones every time, without a stop-watch."""

from hypothesis import settings

settings.register_profile("the same every time", derandomize=True, deadline=None)
settings.load_profile("the same every time")
