"""How a molecule may be made: a search over published reaction templates down to building blocks that exist."""
