"""Places: where buildings stand. A place acts through its quality, its distance and the firms that are there."""

from __future__ import annotations

import numpy as np

from agents.table import RowAgent, link, trait

HOME, TOWN, ZONE, PARK = 0, 1, 2, 3  # values of ``category``: a village, a town park, a county's zone, a common park


class Place(RowAgent):
    """A place with building land: a village's own land, a town park, a county's development zone or a common park."""

    county = link("County", "the county in which it lies")
    town = link("Town", "the town whose park it is, or of whose village it is the land; -1 for zones")
    village = link("Village", "the village whose land it is; -1 for parks and zones")
    category = trait(
        "1", "0 a village's own land, 1 a town park, 2 a county's zone, 3 a common park of two counties", np.int64
    )
    key = trait("1", "identity in the random numbers", np.uint64)
    quality = trait("1", "log advantage for a firm's output, before place.contrast")
    access = trait("km", "road distance to the county seat")
    east = trait("km", "position east of the county seat")
    north = trait("km", "position north of the county seat")
