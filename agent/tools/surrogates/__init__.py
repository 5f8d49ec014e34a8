"""Surrogates: models learned from the researcher's own tables, with calibrated doubt and a domain of applicability."""

from agent.tools.surrogates.groups import compare_groups
from agent.tools.surrogates.relations import relate_columns
from agent.tools.surrogates.tools import check_table, predict_with_surrogate, train_surrogate

__all__ = ["check_table", "compare_groups", "predict_with_surrogate", "relate_columns", "train_surrogate"]
