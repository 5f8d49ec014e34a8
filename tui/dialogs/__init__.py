"""Screens that stand over the views until they are answered."""
