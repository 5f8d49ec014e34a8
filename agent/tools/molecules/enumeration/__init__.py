"""Enumerating molecules: groups on a marked core, products of reactions, linkers between parts, other scaffolds."""
