"""The rest of the world: it decides nothing and closes the books."""

from agents.table import RowAgent, stock


class Outside(RowAgent):
    """Banks, upper government, buyers and builders: the counterparty of all that enters or leaves. May owe."""

    cash = stock("yuan", "what the rest of the world received less what it paid")
    debt = stock("yuan owed", "minus what others owe to banks")
    land = stock("mu", "construction land and quota outside the villages, the county's account and projects")
