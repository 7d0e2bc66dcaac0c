"""The two-layer network's pages beside the library functions to which they lead."""

from witness import Library, Row

from byhand import layers, losses

OUTPUT, PARAMETERS = "two-layer/output-layer.md", "two-layer/output-parameters.md"
HIDDEN, FIRST = "two-layer/hidden-layer.md", "two-layer/hidden-parameters.md"
CE = losses.binary_cross_entropy


def linear_backward(part: int, dZ: str, A: str, W: str) -> Library:
    return lambda at: layers.linear_backward(at(dZ), at(A), at(W))[part]


def output(part: int) -> Library:
    return linear_backward(part, "dZ^{[2]}", "A^{[1]}", "W^{[2]}")


def hidden(part: int) -> Library:
    return linear_backward(part, "dZ^{[1]}", "X", "W^{[1]}")


ROWS: list[Row] = [
    # the function, the page, the side to evaluate, the equation as it stands there, the library
    ("losses.binary_cross_entropy", OUTPUT, r"A^{[2]} - Y", r"dZ^{[2]} = A^{[2]} - Y", lambda at: CE.dZ_from_logits(at("Z^{[2]}"), at("Y"))),
    ("losses.binary_cross_entropy", OUTPUT, r"dA^{[2]} \odot \sigma'(Z^{[2]})", r"dZ^{[2]} = dA^{[2]} \odot \sigma'(Z^{[2]})", lambda at: CE.dA(at("A^{[2]}"), at("Y")) * at(r"\sigma'(Z^{[2]})")),
    ("layers.linear_backward", PARAMETERS, r"\frac{1}{m} dZ^{[2]} A^{[1]\top}", r"dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]\top}", output(1)),
    ("layers.linear_backward", PARAMETERS, r"\frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}", r"db^{[2]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[2](i)}", output(2)),
    ("layers.linear_backward", HIDDEN, r"W^{[2]\top} dZ^{[2]}", r"dA^{[1]} = W^{[2]\top} dZ^{[2]}", output(0)),
    ("layers.linear_backward", FIRST, r"\frac{1}{m} dZ^{[1]} X^\top", r"dW^{[1]} = \frac{1}{m} dZ^{[1]} X^\top", hidden(1)),
    ("layers.linear_backward", FIRST, r"\frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}", r"db^{[1]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}", hidden(2)),
]  # fmt: skip
