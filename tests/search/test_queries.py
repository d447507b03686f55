"""Written queries in several languages and what they find: the same on both databases."""

from cps.cases import queries
from cps.cases.queries import Filter
from tests.search.tables import asked


def test_every_query_of_the_table_finds_what_it_says_in_its_order(keys: dict[int, str]) -> None:
    wanted = {one.query: (one.keys, one.instead) for one in asked()}

    got = {}
    for query in wanted:
        found = queries.found(Filter(words=query))
        got[query] = (tuple(keys[row.id] for row in found.page.rows), found.instead)

    assert len(wanted) >= 40
    assert {q: got[q] for q in wanted if got[q] != wanted[q]} == {}
