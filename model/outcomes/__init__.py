"""The functions behind the indicators, by what they look at."""
