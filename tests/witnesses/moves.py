"""Products, broadcasts, sums and fan-out beside their equations."""

from witness import Library, Row

from byhand import moves

PAGE = "reference/moves.md"


def matmul(part: int) -> Library:
    return lambda at: moves.matmul_backward(at("G"), at("W"), at("A"))[part]


def hadamard(part: int) -> Library:
    return lambda at: moves.hadamard_backward(at("G"), at("S"), at("Z"))[part]


def summed_to(like: str) -> Library:
    return lambda at: moves.broadcast_backward(at("G"), at(like).shape)


ROWS: list[Row] = [
    ("moves.matmul_backward", PAGE, r"G A^\top", r"\frac{\partial f}{\partial W} = G A^\top", matmul(0)),
    ("moves.matmul_backward", PAGE, r"W^\top G", r"\frac{\partial f}{\partial A} = W^\top G", matmul(1)),
    ("moves.hadamard_backward", PAGE, r"G \odot Z", r"\frac{\partial h}{\partial S} = G \odot Z", hadamard(0)),
    ("moves.hadamard_backward", PAGE, r"G \odot S", r"\frac{\partial h}{\partial Z} = G \odot S", hadamard(1)),
    ("moves.broadcast_backward", PAGE, r"G \mathbf{1}", r"\frac{\partial u}{\partial b} = G \mathbf{1}", summed_to("b")),
    ("moves.broadcast_backward", PAGE, r"\mathbf{1}^\top G", r"\frac{\partial v}{\partial r} = \mathbf{1}^\top G", summed_to("r")),
    ("moves.broadcast_backward", PAGE, r"\sum_{k=1}^{n} \sum_{i=1}^{m} G_{ki}", r"\frac{\partial w}{\partial c} = \sum_{k=1}^{n} \sum_{i=1}^{m} G_{ki}", summed_to("c")),
    ("moves.sum_backward", PAGE, r"\frac{\partial s}{\partial Z}", r"\frac{\partial s}{\partial Z} = y \mathbf{1}^\top", lambda at: moves.sum_backward(at("y"), at("Z").shape)),
    ("moves.mean_backward", PAGE, r"\frac{\partial \mu}{\partial Z}", r"\frac{\partial \mu}{\partial Z} = \frac{y \mathbf{1}^\top}{m}", lambda at: moves.mean_backward(at("y"), at("Z").shape)),
    ("moves.fan_out_backward", PAGE, r"G + S", r"\frac{\partial q}{\partial Z} = G + S", lambda at: moves.fan_out_backward(at("G"), at("S"))),
]  # fmt: skip
