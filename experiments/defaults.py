"""What is taken where nothing is said. Imports nothing: the command line is declared with it before anything is run."""

DEFAULT_CASE = "pinghu"
COMPARE_SEEDS, RUN_SEEDS, FIRST_SEED = 20, 1, 1  # how many seeds feidi compare and feidi run take, and the first one
MOST_AT_ONCE = 100_000  # seeds of one study, assumed: tables of more fit into no memory
