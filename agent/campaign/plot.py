"""The progress of a campaign as a drawing: every result, the best so far, and the front of several objectives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.campaign.records import State
from agent.memory.report.drawing.palette import LIGHT
from agent.memory.report.drawing.svg import draw_svg, panels
from agent.units import print_unit

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas


def draw_progress(state: State) -> str:
    """The progress as SVG; empty with fewer than two results.

    Args:
        state: The campaign as it stands.
    """
    targets = state.campaign.space.objectives
    good = [one for one in state.told if not one.failed]
    if len(good) < 2:
        return ""
    columns = len(targets) + (len(targets) == 2)

    def label(place: int) -> str:
        unit = print_unit(targets[place].unit)
        return f"{targets[place].name} ({unit})" if unit else targets[place].name

    def draw(canvas: Canvas) -> None:
        axes = panels(canvas, columns, columns)
        for place, target in enumerate(targets):
            values = [one.outcomes[target.name] for one in good]
            order = [one.experiment for one in good]
            best = [max(values[: count + 1], key=target.score) for count in range(len(values))]
            axes[place].scatter(order, values, s=22, color=LIGHT["muted"], linewidths=0, zorder=2)
            axes[place].step(order, best, where="post", color=LIGHT["accent"], linewidth=1.6, zorder=3)
            for one in state.told:
                if one.failed:
                    axes[place].axvline(one.experiment, color=LIGHT["warn"], linewidth=0.8, linestyle=(0, (2, 3)))
            if target.reach is not None and target.goal != "target":
                axes[place].axhline(target.reach, color=LIGHT["good"], linewidth=0.9, linestyle=(0, (4, 3)))
            axes[place].set_xlabel("experiment")
            axes[place].set_ylabel(label(place))
            axes[place].margins(0.06)
        if len(targets) == 2:
            first, second = (one.name for one in targets)
            front = sorted(state.front, key=lambda one: one.outcomes[first])
            axes[2].scatter(
                [one.outcomes[first] for one in good],
                [one.outcomes[second] for one in good],
                s=22,
                color=LIGHT["muted"],
                linewidths=0,
                zorder=2,
            )
            axes[2].plot(
                [one.outcomes[first] for one in front],
                [one.outcomes[second] for one in front],
                color=LIGHT["accent"],
                marker="o",
                markersize=4.5,
                linewidth=1.3,
                zorder=3,
            )
            axes[2].set_xlabel(label(0))
            axes[2].set_ylabel(label(1))
            axes[2].margins(0.06)

    return draw_svg("campaign-progress", (4.4 * columns, 3.2), draw)
