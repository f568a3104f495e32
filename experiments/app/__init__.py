"""The web page on which two worlds with the same luck are watched side by side: ``feidi app``."""
