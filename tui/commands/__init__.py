"""The slash commands and the keys: one table each, from which completion, palette, help and docs are made."""
