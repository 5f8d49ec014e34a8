"""Surrogates: models learned from the researcher's own tables, with calibrated doubt and a domain of applicability."""
