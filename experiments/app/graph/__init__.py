"""The partnership graph of a world in a year as one SVG text: land, villages, pooled projects, and stakes in them."""
