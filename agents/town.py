"""Towns and streets (镇街道)."""

from agents.table import RowAgent, link, trait


class Town(RowAgent):
    """A town: it administers villages, and villages of one town hear from each other."""

    county = link("County", "the county that administers it")
    east = trait("km", "position east of the county seat")
    north = trait("km", "position north of the county seat")
