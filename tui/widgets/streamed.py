"""A model's text while it comes in. Loaded with the first text: a Markdown parser is no part of the first paint."""

from __future__ import annotations

from textual.widgets import Markdown


class Streamed(Markdown):
    """A model's text while it comes in."""
