"""Evaluation suites: how good Gedanken is, measured on public benchmarks that are never part of it."""
