"""What can be wrong with the synthetic case that somebody asks for."""


class SynthesisError(ValueError):
    """Numbers of counties, villages and households that no case can have."""
