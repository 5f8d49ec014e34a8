"""The tools that plan syntheses: one molecule in detail, or a few candidates at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, CandidateDraft, Result, Value
from agent.tools import empty, ok, progress, tool
from agent.tools._declare import FilePath
from agent.units import counted

if TYPE_CHECKING:
    from agent.tools.molecules.synthesis.search import Found, Route
    from agent.tools.molecules.synthesis.stock import Stock

ENGINES = ("rdkit", "synspace", "molbloom")
WARM = "agent.tools.molecules.synthesis.stock:warm"
MOST_STEPS, MOST_ROUTES, MOST_EXPANSIONS, MOST_MOLECULES = 8, 10, 500, 50
NO_PRICES = "nothing offline knows prices, yields or conditions: a route is a proposal for a chemist to check"


@tool("chemistry", engines=ENGINES, cost="heavy", seconds=300, warm=WARM)
def plan_synthesis(
    smiles: str,
    stock: FilePath = "",
    steps: int = 5,
    routes: int = 3,
    expansions: int = 100,
    in_stock_filter: bool = True,
) -> Result:
    """Plan how a molecule may be made: routes by published reactions down to starting materials that exist.

    Reactions are run backwards and checked by running them forwards: only precursors that give the molecule back
    count, other products that the same reaction would make are counted against it, and so are groups that would react
    first; strained or unstable precursors are refused. That no route is found is an answer; it says how far the search
    came. Stereochemistry, conditions, yields and prices are not judged.

    Args:
        smiles: The target as SMILES or InChI (a salt is reduced to its parent).
        stock: A file of your own starting materials (one SMILES a line, or a CSV with a column of SMILES); optional.
        steps: Longest linear sequence, 1 to 8.
        routes: How many routes are wanted, each with another last step, 1 to 10.
        expansions: Molecules that are taken apart at most, 1 to 500; bounds the time. One of more than 60 heavy atoms
            counts as several, by the square of its size.
        in_stock_filter: Whether starting materials may come from ZINC's in-stock filter, whose "yes" is wrong for
            about 7 % of molecules that are not in it.

    Returns:
        Data: smiles, routes (steps, depth, score, steps in the order of the laboratory with reaction, origin,
        precursors, other_products, conflicts; starting_materials with their source), expansions, refused; a drawing of
        each route. Empty without a route; then data.nearest lists the starting materials that are lacking.

    Source:
        Templates: Hartenfeller et al., J. Chem. Inf. Model. 2011, 51, 3093 (as shipped by synspace), and textbook
        transformations. Search: AO* with the costs of Retro* (Chen et al., ICML 2020), its learned estimate replaced.
    """
    from agent.tools.molecules.structures import inchikey, read_structure

    _refuse_limits(steps=(steps, MOST_STEPS), routes=(routes, MOST_ROUTES), expansions=(expansions, MOST_EXPANSIONS))
    target = read_structure(smiles)
    materials, left_out = _stock(stock, in_stock_filter)
    found = _search(target.smiles, materials, steps, routes, expansions, 0.0, 1.0)
    data = {"smiles": target.smiles, **_plain(found, steps)}
    warnings = [*target.warnings, *(f"stock: {reason}" for reason in left_out), NO_PRICES]
    bought = materials.find(target.smiles)
    if bought is not None:
        data["available"] = bought[0]
        warnings.append(f"the target itself is available: {bought[0]}")
    if not found.routes:
        return empty(_told_none(found, target.smiles, steps, expansions), data=data, warnings=warnings)
    best = found.routes[0]
    key = inchikey(target.mol) or "route"
    drawings = [_drawing(route, f"{key}-route-{place}.svg", place) for place, route in enumerate(found.routes, 1)]
    return ok(
        f"{len(found.routes)} routes to {target.smiles}; the best has {_steps(len(best.steps))} "
        f"({best.depth} in the longest sequence) from {', '.join(best.leaves)}.",
        values=_values(best, len(found.routes)),
        data=data,
        candidates=[_draft(target.smiles, found)],
        artifacts=drawings,
        warnings=warnings,
    )


@tool("chemistry", engines=ENGINES, cost="heavy", seconds=600, warm=WARM)
def plan_syntheses(
    smiles: list[str],
    count: int = 3,
    stock: FilePath = "",
    steps: int = 5,
    expansions: int = 25,
    in_stock_filter: bool = True,
) -> Result:
    """Look for one route to each of the first few molecules of a list (see plan_synthesis).

    Args:
        smiles: The molecules, the most wanted first.
        count: How many of them, from the first, 1 to 50.
        stock: A file of your own starting materials; optional.
        steps: Longest linear sequence, 1 to 8.
        expansions: Molecules taken apart at most for each, 1 to 500.
        in_stock_filter: Whether starting materials may come from ZINC's in-stock filter (7 % false positives).

    Returns:
        Candidates with the label route ("3 steps" or "no route found"); a drawing of each route. Data: rows (smiles,
        route, routes), invalid. Empty when no route was found to any of them.

    Source:
        As plan_synthesis.
    """
    from agent.tools.molecules.structures import inchikey, read_structures, reading_warnings

    _refuse_limits(count=(count, MOST_MOLECULES), steps=(steps, MOST_STEPS), expansions=(expansions, MOST_EXPANSIONS))
    good, bad = read_structures(smiles)
    good = list({item.smiles: (index, item) for index, item in reversed(good)}.values())[::-1][:count]
    materials, left_out = _stock(stock, in_stock_filter)
    rows, drafts, drawings = [], [], []
    for place, (index, item) in enumerate(good):
        found = _search(item.smiles, materials, steps, 1, expansions, place / len(good), 1 / len(good))
        draft = _draft(item.smiles, found)
        drafts.append(draft)
        rows.append({"index": index, "smiles": item.smiles, "route": draft.labels["route"], **_plain(found, steps)})
        if found.routes:
            drawings.append(_drawing(found.routes[0], f"{inchikey(item.mol) or index}-route.svg", 1))
    warnings = [*reading_warnings(good, bad), *(f"stock: {reason}" for reason in left_out), NO_PRICES]
    data = {"rows": rows, "invalid": [item.plain() for item in bad]}
    if not drawings:
        return Result(
            status="empty",
            summary=f"No route found to any of {counted(len(rows), 'molecule')} within "
            f"{steps} steps and {expansions} expansions.",
            data=data,
            candidates=tuple(drafts),
            warnings=tuple(warnings),
        )
    return ok(
        f"Routes found to {len(drawings)} of {counted(len(rows), 'molecule')}.",
        values=(Value(name="routes_found", value=len(drawings)), Value(name="routes_sought", value=len(rows))),
        data=data,
        candidates=drafts,
        artifacts=drawings,
        warnings=warnings,
    )


def _refuse_limits(**given: tuple[int, int]) -> None:
    for name, (value, most) in given.items():
        if not 1 <= value <= most:
            raise RepairableToolError(f"{name}: {value} cannot be asked for.", remedy=f"Give 1 to {most}.")


def _stock(path: str, in_stock_filter: bool) -> tuple[Stock, list[str]]:
    from agent.tools.molecules.synthesis.stock import Stock, read_stock

    own, left_out = read_stock(path) if path else ({}, [])
    return Stock(own, in_stock_filter=in_stock_filter), left_out


def _search(target: str, stock: Stock, steps: int, routes: int, expansions: int, start: float, share: float) -> Found:
    from agent.tools.molecules.synthesis.search import RouteSearch

    def report(fraction: float, message: str) -> None:
        progress(start + share * fraction, message)

    return RouteSearch(target, stock, longest=steps, expansions=expansions, report=report).run(routes)


def _plain(found: Found, longest: int) -> dict[str, Any]:
    tally = found.tally
    return {
        "routes": [_route(route) for route in found.routes],
        "expansions": found.expansions,
        "longest": longest,
        "refused": {
            "does not give the product back": tally.not_given_back,
            "too many other products": tally.unselective,
            "strained, unstable or circular": tally.implausible,
        },
        "nearest": found.nearest,
        "partial_steps": len(found.partial),
    }


def _route(route: Route) -> dict[str, Any]:
    from agent.tools.molecules.synthesis.stock import TOLD

    steps = [
        {
            "product": step.product,
            "precursors": list(step.precursors),
            "reaction": step.template,
            "origin": step.origin,
            "other_products": step.others,
            "conflicts": list(step.conflicts),
        }
        for step in route.steps
    ]
    return {
        "step_count": len(route.steps),
        "depth": route.depth,
        "score": round(route.score, 4),
        "cost": round(route.cost, 4),
        "steps": steps,
        "starting_materials": [
            {"smiles": one, "source": source, "listed_in": TOLD[source]} for one, source in route.leaves.items()
        ],
    }


def _values(route: Route, count: int) -> tuple[Value, ...]:
    return (
        Value(name="routes", value=count),
        Value(name="route_steps", value=len(route.steps)),
        Value(name="route_score", value=round(route.score, 4)),
    )


def _draft(smiles: str, found: Found) -> CandidateDraft:
    if not found.routes:
        return CandidateDraft(kind="molecule", structure=smiles, labels={"route": "no route found"})
    best = found.routes[0]
    told = _steps(len(best.steps))
    uncertain = sum(source == "probably in stock" for source in best.leaves.values())
    labels = {"route": told, "route_from": " + ".join(best.leaves)}
    if uncertain:
        labels["route_certainty"] = f"{uncertain} of {len(best.leaves)} starting materials only probably in stock"
    return CandidateDraft(kind="molecule", structure=smiles, labels=labels)


def _drawing(route: Route, name: str, place: int) -> ArtifactContent:
    from agent.tools.molecules.synthesis.drawing import draw_route

    told = f"Route {place} to {route.target}: {_steps(len(route.steps))}"
    return ArtifactContent(name=name, media_type="image/svg+xml", content=draw_route(route, told), title=told)


def _told_none(found: Found, target: str, steps: int, expansions: int) -> str:
    why = "every way leads to something that no source has" if found.expansions < expansions else "the search was spent"
    came = (
        f" The nearest partial route takes {_steps(len(found.partial))} and lacks {', '.join(found.nearest)}."
        if found.partial
        else " No reaction of the templates gives the target at all."
    )
    return (
        f"No route found to {target} in up to {steps} steps: {counted(found.expansions, 'molecule')} taken apart, "
        f"and {why}.{came}"
    )


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count} steps"
