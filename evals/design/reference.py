"""The reference loop: a plain graph genetic algorithm, with the same edits and the same score, and nothing else.

A population of 120 keeps its best; parents are drawn in proportion to their scores; a child comes of a crossover and,
with a probability of 0.067, a mutation. No surrogate, no archive, no adaptation of operators.

Source: J. H. Jensen, Chem. Sci. 2019, 10, 3567; population, offspring and mutation rate as in W. Gao et al., NeurIPS
2022. The edits are those of `agent.tools.molecules.evolution`, drawn evenly, so that the comparison is of the search.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

POPULATION, OFFSPRING, MUTATION = 120, 70, 0.067

IDLE = 60
"""Generations without a new child after which the loop gives up."""


def graph_genetic_algorithm(
    score: Callable[[list[str]], list[float]],
    *,
    budget: int,
    seed: int,
    start: Sequence[str],
    stop: Callable[[], bool],
    admit: Callable[[Any], bool],
) -> int:
    """Search until enough is found or the budget is spent.

    Args:
        score: The oracle, higher being better.
        budget: Most molecules that are scored.
        seed: Of the search.
        start: Molecules of which the first population is drawn.
        stop: Whether enough was found, asked after each generation.
        admit: Refuses molecules that must not be made.

    Returns:
        Molecules scored.
    """
    from rdkit import Chem

    from agent.tools.molecules.evolution.graphs import known_graph, read_graph

    chance = random.Random(seed)
    graphs = (read_graph(text) for text in chance.sample(list(start), len(start)))
    seen: set[str] = set()
    first: list[str] = []
    for graph in graphs:
        if len(first) == POPULATION:
            break
        if graph is None or graph.size < 2 or graph.smiles in seen or not admit(Chem.MolFromSmiles(graph.smiles)):
            continue
        seen.add(graph.smiles)
        first.append(graph.smiles)
    population = list(zip(score(first), first, strict=True))
    spent, idle = len(first), 0
    while spent < budget and not stop() and idle < IDLE:
        weights = [value + 1e-9 for value, _ in population]
        children: list[str] = []
        for _ in range(4 * OFFSPRING):
            if len(children) == min(OFFSPRING, budget - spent):
                break
            parents = [known_graph(smiles) for _, smiles in chance.choices(population, weights, k=2)]
            child = _child(parents, chance, admit)
            if child is not None and child not in seen:
                seen.add(child)
                children.append(child)
        idle = 0 if children else idle + 1
        population += list(zip(score(children), children, strict=True)) if children else []
        population = sorted(population, key=lambda pair: (-pair[0], pair[1]))[:POPULATION]
        spent += len(children)
    return spent


def _child(parents: list[Any], chance: random.Random, admit: Callable[[Any], bool]) -> str | None:
    from agent.tools.molecules.evolution.crossover import cross_links, cross_rings
    from agent.tools.molecules.evolution.graphs import finish, known_graph
    from agent.tools.molecules.evolution.mutation import MUTATIONS

    one, other = parents
    edited = chance.choice((cross_links, cross_rings))(one, other, chance)
    finished = finish(edited) if edited is not None else None
    if finished is None:
        return None
    if chance.random() < MUTATION:
        graph = known_graph(finished[0])
        edited = chance.choice(MUTATIONS)(graph, chance) if graph is not None else None
        finished = finish(edited) if edited is not None else None
    return finished[0] if finished is not None and admit(finished[1]) else None
