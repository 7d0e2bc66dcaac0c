"""Values: every rule is in the table once this is imported."""

from byhand.equations import values_blocks, values_calls, values_index, values_matrix
from byhand.equations.frames import Frame, Value, Values, Watch, evaluate
from byhand.equations.values_calls import is_analytic
from byhand.equations.values_index import check_positions, gather

__all__ = [
    "Frame",
    "Value",
    "Values",
    "Watch",
    "check_positions",
    "evaluate",
    "gather",
    "is_analytic",
    "values_blocks",
    "values_calls",
    "values_index",
    "values_matrix",
]
