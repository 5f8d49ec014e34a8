"""Molecules in three dimensions: conformers, and docking into a receptor."""
