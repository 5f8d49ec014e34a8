"""Campaigns: closed loops of experiments and measured results toward an objective."""
