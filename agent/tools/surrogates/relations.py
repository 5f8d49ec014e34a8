"""What goes with what in a table of measurements: rank correlations of every pair, and what else could explain them."""

from __future__ import annotations

import math
import re
from itertools import combinations
from typing import Any

import numpy as np

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, CandidateDraft, Result, Value
from agent.tools import FilePath, empty, ok, tool
from agent.tools.surrogates.observed import LIMITED_RANKS, observe, without_blanks
from agent.tools.surrogates.units import repeated
from agent.tools.tables import Table, numeric_columns, read_table
from agent.units import counted
from agent.vocabulary import title

LEAST_ROWS = 5
MOST_COLUMNS = 40
MOST_SAMPLES = 400

CLOSED = (95.0, 105.0)
"""Sum of columns in percent that are taken to be parts of a whole."""

_NAMES = re.compile(r"^(?:sample|name|id|label|station|site|well|specimen|code|시료|이름|번호)\b", re.IGNORECASE)
_SHARE = re.compile(r"%|percent|wt|분율|함량", re.IGNORECASE)


@tool("data", engines=("numpy", "scipy"))
def relate_columns(path: FilePath, outcomes: list[str] = []) -> Result:
    """Find which columns of a table of measurements go together, how firmly, and what else could explain it.

    Args:
        path: A CSV or TSV file with a header and one row for each sample.
        outcomes: Columns that are to be explained; empty: every pair of numeric columns is looked at once.

    Returns:
        ``data``: columns (name, count, low, high, mean, deviation), pairs (outcome, driver, rho with its 95 % interval,
        p, q corrected for the number of pairs, slope and intercept of the least-squares line with the slope's interval,
        scatter around it, count, rival: the other column that explains most of it, with what is left of rho when it is
        held constant), closed (columns in percent that add up to about 100), samples. Samples become candidates.

    Source:
        Spearman's rank correlation with Fisher's interval; false discovery rate of Benjamini and Hochberg (1995);
        partial rank correlation of Kendall (1942).
    """
    table = read_table(path, "path")
    table, blanks = without_blanks(table, numeric_columns(table))
    places = numeric_columns(table)[:MOST_COLUMNS]
    names = [table.header[place].strip() for place in places]
    if len(places) < 2:
        raise RepairableToolError(
            f"path: '{path}' has {len(places)} numeric column{'s' if len(places) != 1 else ''}.",
            remedy="Give a table with at least two columns of numbers.",
        )
    unknown = [one for one in outcomes if place_of(names, one) is None]
    if unknown:
        raise RepairableToolError(
            f"outcomes: '{path}' has no numeric column {', '.join(unknown)}.", remedy=f"There are: {', '.join(names)}."
        )
    observed = observe(table, places)
    values = observed.middle  # shape (columns, rows), NaN where a cell holds no number
    wanted = [place for one in outcomes if (place := place_of(names, one)) is not None]
    tested = [(o, d) for i, o in enumerate(wanted) for d in range(len(names)) if d != o and d not in wanted[:i]] or [
        (b, a) for a, b in combinations(range(len(names)), 2)
    ]
    pairs = [pair for o, d in tested if (pair := _relate(values, names, o, d)) is not None]
    closed = _closed(values, names)
    rows = len(table.rows)
    if not pairs:
        return empty(
            f"'{path}' has {rows} rows: no two columns share {LEAST_ROWS} or more different values.",
            data={"pairs": [], "columns": names, "closed": closed},
        )
    for pair, q in zip(pairs, corrected([pair["p"] for pair in pairs]), strict=True):
        pair["q"] = q
        pair["rival"], pair["left"] = _rival(values, names, pair)
    pairs.sort(key=lambda pair: (pair["q"], -abs(pair["rho"])))
    firm = [pair for pair in pairs if pair["q"] < 0.05]
    names_of_samples = identities(table, places)
    best = pairs[0]
    warnings = [*blanks, *observed.told(LIMITED_RANKS)]
    if tied := repeated(table, places):
        warnings.append(
            f"Several rows share one {title(tied)}, so they are not independent: the p values take them for more than"
            " they are."
        )
    if closed:
        warnings.append(
            f"{', '.join(closed)} are shares of a whole that add up to about 100 %: when one rises another has to fall,"
            " so correlations among them are in part arithmetic."
        )
    if rows < 12:
        warnings.append(f"{rows} rows are few: only strong relations can be told from chance.")
    return ok(
        f"{len(firm)} of {len(pairs)} pairs of columns go together beyond chance over"
        f" {counted(rows, 'sample')}; the firmest: "
        f"{title(best['outcome'])} with {title(best['driver'])}, Spearman's rho {best['rho']:.2f}.",
        values=[Value(name="samples", value=rows), Value(name="pairs", value=len(pairs)),
                Value(name="firm_pairs", value=len(firm)), Value(name="strongest_rho", value=round(best["rho"], 3))],
        data={
            "pairs": pairs, "columns": _described(values, names), "closed": closed,
            "outcomes": [names[o] for o in wanted],             "samples": names_of_samples, "path": path,
        },
        candidates=[
            CandidateDraft(
                kind="sample",
                structure=identity,
                name=identity,
                values=tuple(
                    Value(name=name, value=float(column[index]))
                    for name, column in zip(names, values, strict=True)
                    if math.isfinite(column[index])
                ),
            )
            for index, identity in enumerate(names_of_samples[:MOST_SAMPLES])
        ],
        artifacts=[_csv(pairs)],
        warnings=warnings,
    )  # fmt: skip


def place_of(names: list[str], wanted: str) -> int | None:
    """The place of a column by its name, whatever the case; ``None`` if there is none."""
    plain = wanted.strip().lower()
    return next((place for place, name in enumerate(names) if name.lower() == plain), None)


def _relate(values: np.ndarray, names: list[str], outcome: int, driver: int) -> dict[str, Any] | None:
    """One pair of columns; ``None`` where they share too few different values."""
    from scipy import stats

    kept = np.isfinite(values[outcome]) & np.isfinite(values[driver])
    x, y = values[driver][kept], values[outcome][kept]
    n = int(kept.sum())
    if n < LEAST_ROWS or len(set(x.tolist())) < 3 or len(set(y.tolist())) < 3:
        return None
    rank: Any = stats.spearmanr(x, y)
    rho = float(rank.statistic)
    low, high = _interval(rho, n)
    line: Any = stats.linregress(x, y)
    reach = float(stats.t.ppf(0.975, n - 2)) * float(line.stderr)
    least = 2 / math.factorial(min(n, 20))  # no order of so few samples is rarer than that
    scatter = float(np.sqrt(np.sum((y - line.slope * x - line.intercept) ** 2) / (n - 2)))
    return {
        "outcome": names[outcome], "driver": names[driver], "n": n, "rho": rho, "low": low, "high": high,
        "p": max(float(rank.pvalue), least), "slope": float(line.slope), "slope_low": float(line.slope) - reach,
        "slope_high": float(line.slope) + reach, "intercept": float(line.intercept), "scatter": scatter,
        "from": float(x.min()), "to": float(x.max()),
    }  # fmt: skip


def _interval(rho: float, n: int) -> tuple[float, float]:
    """Fisher's interval with the variance of Bonett and Wright (2000) for ranks."""
    rho = max(-0.999, min(0.999, rho))  # a perfect order of few ranks is no certainty
    reach = 1.96 * math.sqrt((1 + rho**2 / 2) / (n - 3))
    return math.tanh(math.atanh(rho) - reach), math.tanh(math.atanh(rho) + reach)


def _rival(values: np.ndarray, names: list[str], pair: dict[str, Any]) -> tuple[str, float | None]:
    """The other column that leaves least of a correlation when it is held constant, and what it leaves."""
    from scipy import stats

    outcome, driver = names.index(pair["outcome"]), names.index(pair["driver"])
    best: tuple[str, float | None] = ("", None)
    for other in range(len(names)):
        if other in (outcome, driver):
            continue
        kept = np.isfinite(values[[outcome, driver, other]]).all(axis=0)
        if kept.sum() < max(LEAST_ROWS, 6) or len(set(values[other][kept].tolist())) < 3:
            continue
        y, x, z = (stats.rankdata(values[one][kept]) for one in (outcome, driver, other))
        rxy, rxz, ryz = (float(np.corrcoef(a, b)[0, 1]) for a, b in ((x, y), (x, z), (y, z)))
        below = (1 - rxz**2) * (1 - ryz**2)
        left = 0.0 if below < 1e-6 else max(-1.0, min(1.0, (rxy - rxz * ryz) / math.sqrt(below)))
        if best[1] is None or abs(left) < abs(best[1]):
            best = names[other], left
    return best


def corrected(ps: list[float]) -> list[float]:
    """False discovery rates of Benjamini and Hochberg."""
    order = sorted(range(len(ps)), key=lambda i: ps[i], reverse=True)
    found, least = [1.0] * len(ps), 1.0
    for back, i in enumerate(order):
        least = min(least, ps[i] * len(ps) / (len(ps) - back))
        found[i] = least
    return found


def _closed(values: np.ndarray, names: list[str]) -> list[str]:
    """Columns in percent whose sum is about 100 in nearly every row."""
    places = [place for place, name in enumerate(names) if _SHARE.search(name)]
    if len(places) < 3:
        return []
    sums = np.nansum(values[places], axis=0)
    inside = (sums > CLOSED[0]) & (sums < CLOSED[1])
    return [names[place] for place in places] if inside.mean() > 0.8 else []


def _described(values: np.ndarray, names: list[str]) -> list[dict[str, Any]]:
    rows = []
    for name, column in zip(names, values, strict=True):
        kept = column[np.isfinite(column)]
        rows.append(
            {
                "name": name, "count": len(kept), "low": float(kept.min()), "high": float(kept.max()),
                "mean": float(kept.mean()), "deviation": float(kept.std(ddof=1)) if len(kept) > 1 else 0.0,
            }
        )  # fmt: skip
    return rows


def identities(table: Table, numeric: list[int]) -> list[str]:
    """What each sample is called: the column of names, else its row; none twice.

    A column whose values mostly repeat (sites, treatments) sorts samples into groups, and names none of them.
    """
    named = [i for i, name in enumerate(table.header) if _NAMES.match(name.strip())]
    named += [0] if 0 not in numeric else []
    place = next((i for i in named if len(set(table.column(i))) > 0.5 * len(table.rows)), None)
    cells = table.column(place) if place is not None else [""] * len(table.rows)
    found: list[str] = []
    for index, cell in enumerate(cells, start=1):
        name = cell or f"row {index}"
        found.append(name if name not in found else f"{name} (row {index})")
    return found


def _csv(pairs: list[dict[str, Any]]) -> ArtifactContent:
    keys = (
        "outcome",
        "driver",
        "n",
        "rho",
        "low",
        "high",
        "p",
        "q",
        "slope",
        "slope_low",
        "slope_high",
        "rival",
        "left",
    )
    lines = [",".join(keys)]
    for pair in pairs:
        cells = [pair[key] for key in keys]
        lines.append(",".join(f'"{c}"' if isinstance(c, str) else "" if c is None else f"{c:.6g}" for c in cells))
    return ArtifactContent(
        name="relations.csv", media_type="text/csv", content="\n".join(lines) + "\n", title="Relations between columns"
    )
