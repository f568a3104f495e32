"""The font of Chinese figures: see README.md."""
