"""The bytes of a result are the same in every process, order and hash seed."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from cps.polls.rules import Method
from cps.polls.tally import Rules
from tests.polls.elections import make_budget_rules, make_rules

PROGRAM = """
import json, sys
from cps.polls import canonical
from cps.polls.rules import Method
from cps.polls.tally import PaperTotals, Rules, count
from cps.polls.turnout import Group, turnout

for case in json.load(sys.stdin)["cases"]:
    method, options, most, budget = case["rules"]
    rules = Rules(Method(method), tuple(map(tuple, options)), most, budget)
    ballots = {tuple(choice): number for choice, number in case["ballots"]}
    rankings = {tuple(choice): number for choice, number in case["rankings"]}
    paper = PaperTotals(sum(rankings.values()), 0, rankings=rankings) if rankings else None
    for draw in (None, case["draw"]):
        result = count(rules, ballots, paper=paper, draw=draw)
        sys.stdout.buffer.write(canonical.to_bytes(result.as_json()) + b"\\n")
    cells = {(ward, age): Group(eligible, voted) for ward, age, eligible, voted in case["cells"]}
    sys.stdout.write(turnout(cells).as_csv())
    sys.stdout.flush()
"""

CELLS = [[f"w{ward}", age, 7 * ward + age, 5 * ward] for ward in range(9) for age in (16, 30, 45)]


def test_bytes_do_not_depend_on_hash_seed_order_or_process() -> None:
    cases = [*many_cases(random.Random(11))]
    answers = {answer(cases, seed, random.Random(seed)) for seed in range(4)}

    assert len(answers) == 1
    lines = answers.pop().splitlines()
    assert sum(line.startswith(b"{") for line in lines) == 2 * len(cases)


def answer(cases: Iterable[Mapping[str, Any]], seed: int, order: random.Random) -> bytes:
    """Count in a process of its own, everything that may come in any order shuffled."""
    mixed = [
        {**case, **{key: order.sample(case[key], len(case[key])) for key in ("ballots", "rankings", "cells")}}
        for case in cases
    ]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps({"cases": mixed}).encode(),
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        check=True,
    )
    return done.stdout


def many_cases(chance: random.Random) -> Iterable[dict[str, Any]]:
    """Yield polls of every method, half of them with so few ballots that ties are frequent."""
    costs = {code: chance.randint(1, 30) for code in "gbdface"}
    all_rules = [
        make_rules(Method.SINGLE, "cab"),
        make_rules(Method.APPROVAL, "dcab"),
        make_rules(Method.RANKING, "ebcad"),
        make_budget_rules(60, **costs),
    ]
    for rules in all_rules:
        for voters in (6, 8, 10, 200, 300):
            yield {
                "rules": [rules.method, rules.options, rules.most, rules.budget],
                "ballots": [*counted(rules, voters, chance)],
                "rankings": [[["a", "b"], 3], [["b"], 2]] if rules.method is Method.RANKING else [],
                "draw": chance.sample([*rules.codes], len(rules.costs)),
                "cells": CELLS,
            }


def counted(rules: Rules, voters: int, chance: random.Random) -> Iterable[tuple[list[str], int]]:
    choices: dict[tuple[str, ...], int] = {}
    for _ in range(voters):
        marks = chance.sample([*rules.codes], chance.randint(0, rules.most))
        while rules.budget is not None and sum(rules.costs[code] for code in marks) > rules.budget:
            marks.pop()
        choice = tuple(marks if rules.method is Method.RANKING else sorted(marks))
        choices[choice] = choices.get(choice, 0) + 1
    return [([*choice], number) for choice, number in choices.items()]
