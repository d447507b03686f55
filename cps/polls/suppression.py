"""Finds what else must be hidden in a table with sums, so that nothing hidden can be had by subtraction.

The table is a network: every cell leads from its row to its column, every row's sum from the top to the row,
every column's sum from the column to the bottom; the sums hold exactly when as much comes into a node as goes
out. A round trip over hidden arcs, one person more on each that is taken along and one fewer on each that is
taken against its direction, gives another table that looks the same; so it needs a person on those. An arc on
such a trip is safe.
"""

import heapq
from collections import deque
from collections.abc import Hashable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Generic, TypeVar

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Arc:
    """A number of the table: from which node to which, whether it can be one less, what hiding it costs."""

    start: str
    end: str
    movable: bool
    cost: int


def hidden_arcs(arcs: Mapping[Name, Arc], hidden: AbstractSet[Name]) -> frozenset[Name]:
    """Return what to hide so that all of it is safe: these arcs and others, the cheapest first.

    Everything is hidden where nothing less is safe. The order of `arcs` decides between equally cheap ones.
    """
    return _Network(arcs, hidden).secure()


class _Network(Generic[Name]):
    def __init__(self, arcs: Mapping[Name, Arc], hidden: AbstractSet[Name]) -> None:
        self.arcs = arcs
        self.hidden = {*hidden}
        self.at: dict[str, list[Name]] = {}
        for name, arc in arcs.items():
            self.at.setdefault(arc.start, []).append(name)
            self.at.setdefault(arc.end, []).append(name)

    def secure(self) -> frozenset[Name]:
        """Hide more until every hidden arc is safe."""
        safe = self._easily_safe()
        waiting = [name for name in self.arcs if name in self.hidden and name not in safe]
        while waiting:
            name = waiting.pop()
            if name in safe:
                continue
            trip = self._cheapest_round_trip(name)
            if trip is None:
                return frozenset(self.arcs)
            self.hidden.update(trip)
            safe.update(trip)
        return frozenset(self.hidden)

    def _easily_safe(self) -> set[Name]:
        """Return hidden arcs that close a round trip with movable hidden ones: in large tables nearly all."""
        tree = self._forest()
        safe: set[Name] = set()
        for name in self.hidden:
            arc = self.arcs[name]
            one, other = tree.get(arc.start), tree.get(arc.end)
            if one is None or other is None or one.root != other.root or name in one.by + other.by:
                continue
            safe.add(name)
            while one is not other:
                if one.depth < other.depth:
                    one, other = other, one
                safe.update(one.by)
                one = tree[one.above]
        return safe

    def _forest(self) -> dict[str, "_Branch[Name]"]:
        """Return trees of movable hidden arcs, broad rather than deep."""
        forest: dict[str, _Branch[Name]] = {}
        for root in self.at:
            if root in forest:
                continue
            forest[root] = _Branch(root, root, (), 0)
            queue = deque([root])
            while queue:
                node = queue.popleft()
                for name, next_node in self._ways_on(node):
                    if next_node not in forest and name in self.hidden and self.arcs[name].movable:
                        forest[next_node] = _Branch(root, node, (name,), forest[node].depth + 1)
                        queue.append(next_node)
        return forest

    def _cheapest_round_trip(self, name: Name) -> list[Name] | None:
        """Return the arcs of a round trip with this one that costs the least, None where there is none."""
        arc = self.arcs[name]
        ways = [self._cheapest_way(arc.end, arc.start, name)]
        if arc.movable:
            ways.append(self._cheapest_way(arc.start, arc.end, name))
        found = [way for way in ways if way is not None]
        return [name, *min(found, key=lambda way: way[0])[1]] if found else None

    def _cheapest_way(self, start: str, goal: str, avoid: Name) -> tuple[int, list[Name]] | None:
        """Return cost and arcs of the cheapest way (Dijkstra), None without any."""
        came_by: dict[str, tuple[str, Name]] = {}
        costs = {start: 0}
        done: set[str] = set()
        queue = [(0, start)]
        while queue:
            cost, node = heapq.heappop(queue)
            if node == goal:
                return cost, _way_back(came_by, start, goal)
            if node in done:
                continue
            done.add(node)
            for name, next_node in self._ways_on(node):
                further = cost + (0 if name in self.hidden else self.arcs[name].cost)
                if name != avoid and further < costs.get(next_node, further + 1):
                    costs[next_node] = further
                    came_by[next_node] = (node, name)
                    heapq.heappush(queue, (further, next_node))
        return None

    def _ways_on(self, node: str) -> Iterator[tuple[Name, str]]:
        """Yield arcs from here along their direction, and against it where they can be one less."""
        for name in self.at[node]:
            arc = self.arcs[name]
            if arc.start == node:
                yield name, arc.end
            elif arc.movable:
                yield name, arc.start


@dataclass(frozen=True, slots=True)
class _Branch(Generic[Name]):
    """Where a node hangs in its tree: from which node, by which arc (a root by none), how deep."""

    root: str
    above: str
    by: tuple[Name, ...]
    depth: int


def _way_back(came_by: Mapping[str, tuple[str, Name]], start: str, goal: str) -> list[Name]:
    way: list[Name] = []
    node = goal
    while node != start:
        node, name = came_by[node]
        way.append(name)
    return way
