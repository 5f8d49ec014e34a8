"""The report's colours: one table for the page, its dark form, and the figures drawn into it."""

from __future__ import annotations

LIGHT = {
    "paper": "#fbfaf6",
    "card": "#fffefb",
    "ink": "#22252a",
    "muted": "#666a71",
    "rule": "#dcd7ca",
    "accent": "#1f5f6b",
    "accent-soft": "#e2eded",
    "good": "#2d774a",
    "good-soft": "#e3f0e5",
    "warn": "#945c06",
    "warn-soft": "#f7ecd6",
    "bad": "#a3322b",
    "bad-soft": "#f6e2de",
}
"""By daylight and in print. Every colour occurs once, so that a figure's colours can be told apart again."""

DARK = {
    "paper": "#15171a",
    "card": "#1c1f23",
    "ink": "#e4e1d9",
    "muted": "#9a9c9f",
    "rule": "#363a40",
    "accent": "#7fc0cb",
    "accent-soft": "#203439",
    "good": "#7cc596",
    "good-soft": "#1d3326",
    "warn": "#dfae5f",
    "warn-soft": "#3a2d16",
    "bad": "#e58b82",
    "bad-soft": "#40211e",
}


def themed(svg: str) -> str:
    """A figure drawn in the light colours, as it goes into the page: its colours follow the reader's theme."""
    for name, colour in LIGHT.items():
        svg = svg.replace(colour, f"var(--{name})")
    return svg
