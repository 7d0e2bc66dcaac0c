"""Shape inference: every rule is in the table once this is imported."""

from byhand.equations import infer_blocks, infer_calls, infer_index, infer_matrix
from byhand.equations.rules import Shapes, finish, infer

__all__ = ["Shapes", "finish", "infer", "infer_blocks", "infer_calls", "infer_index", "infer_matrix"]
