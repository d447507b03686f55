"""How long words of a proposal may be, in letters; forms and services ask the same."""

SHORTEST_TITLE, LONGEST_TITLE = 6, 120
SHORTEST_BODY = 20
LONGEST_COMMENT = 2_000
