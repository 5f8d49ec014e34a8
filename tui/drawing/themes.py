"""The two themes: ink at night, paper by day. Colours carry nothing that a glyph or a word does not say as well."""

from __future__ import annotations

from textual.theme import Theme

INK = Theme(
    name="gedanken-ink",
    primary="#7fb0d6",
    secondary="#a99bd0",
    accent="#e3b26a",
    foreground="#d5d9e0",
    background="#13161b",
    surface="#181c22",
    panel="#20252d",
    success="#8cc08f",
    warning="#e3b26a",
    error="#e08a8a",
    dark=True,
    variables={
        "muted": "#868f9d",
        "border": "#39414d",
        "border-blurred": "#2a3039",
        "block-cursor-background": "#2b3d4f",
        "block-cursor-foreground": "#eef2f7",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#222a34",
        "block-cursor-blurred-foreground": "#d5d9e0",
        "footer-background": "#13161b",
        "footer-key-foreground": "#7fb0d6",
        "footer-description-foreground": "#8b94a3",
        "input-selection-background": "#7fb0d6 30%",
        "scrollbar": "#2a3039",
        "scrollbar-background": "#13161b",
        "scrollbar-hover": "#39414d",
        "scrollbar-active": "#7fb0d6",
    },
)

PAPER = Theme(
    name="gedanken-paper",
    primary="#2c6590",
    secondary="#6a5596",
    accent="#a4651d",
    foreground="#2b2e35",
    background="#fbfaf7",
    surface="#f5f3ee",
    panel="#ebe8e0",
    success="#38754a",
    warning="#9a5d12",
    error="#b23a45",
    dark=False,
    variables={
        "muted": "#6f727a",
        "border": "#c9c4b8",
        "border-blurred": "#dedad0",
        "block-cursor-background": "#d8e4ee",
        "block-cursor-foreground": "#1d2026",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e8ebea",
        "block-cursor-blurred-foreground": "#2b2e35",
        "footer-background": "#fbfaf7",
        "footer-key-foreground": "#2c6590",
        "footer-description-foreground": "#6d7078",
        "input-selection-background": "#2c6590 25%",
        "scrollbar": "#d9d5ca",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-hover": "#c4bfb2",
        "scrollbar-active": "#2c6590",
    },
)

THEMES = (INK, PAPER)
SHORT = {"dark": INK.name, "light": PAPER.name}
"""What a person types for a theme."""
