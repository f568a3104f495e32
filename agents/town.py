"""Towns and streets (镇街道)."""

from agents.table import RowAgent, link, state, trait


class Town(RowAgent):
    """A town: it administers villages, and villages of one town hear from each other."""

    county = link("County", "the county that administers it")
    east = trait("km", "position east of the county seat")
    north = trait("km", "position north of the county seat")
    park_rent_seen = state("yuan/m2/year", "net rent per m2 that villages expect in the town's park")
    park_rent_variance = state("(yuan/m2/year)^2", "how far it fell from what they expected")
