"""Holding the model to the facts: targets with their sources, the scoreboard, and the page that tells of both."""
