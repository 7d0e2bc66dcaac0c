"""Routing beside the equations of its page."""

import numpy as np
from witness import Library, Row

from byhand import routing

ROUTING = "depth/routing.md"


def where(part: int) -> Library:
    return lambda at: routing.where_backward(at("G"), at(r"\mathcal{M}") == 1)[part]


def maximum(part: int) -> Library:
    return lambda at: routing.maximum_backward(at("G"), at("P"), at("Q"))[part]


def maxout(part: int) -> Library:
    return lambda at: np.split(routing.maxout_backward(at("G"), np.vstack([at("Z_1"), at("Z_2")])), 2)[part]


ROWS: list[Row] = [
    ("routing.clip_backward", ROUTING, r"G \odot \mathbb{1}[X > a] \odot \mathbb{1}[X < c]", r"dX = G \odot \mathbb{1}[X > a] \odot \mathbb{1}[X < c]", lambda at: routing.clip_backward(at("G"), at("X"), at("a").item(), at("c").item())),
    ("routing.absolute_backward", ROUTING, r"G \odot \operatorname{sign}(R)", r"dR = G \odot \operatorname{sign}(R)", lambda at: routing.absolute_backward(at("G"), at("R"))),
    ("routing.where_backward", ROUTING, r"\mathcal{M} \odot G", r"dU = \mathcal{M} \odot G", where(0)),
    ("routing.where_backward", ROUTING, r"(1 - \mathcal{M}) \odot G", r"dV = (1 - \mathcal{M}) \odot G", where(1)),
    ("routing.maximum_backward", ROUTING, r"G \odot \mathbb{1}[P > Q]", r"dP = G \odot \mathbb{1}[P > Q]", maximum(0)),
    ("routing.maximum_backward", ROUTING, r"G \odot \mathbb{1}[Q > P]", r"dQ = G \odot \mathbb{1}[Q > P]", maximum(1)),
    ("routing.maxout_backward", ROUTING, r"G \odot \mathbb{1}[Z_1 > Z_2]", r"dZ_1 = G \odot \mathbb{1}[Z_1 > Z_2]", maxout(0)),
    ("routing.maxout_backward", ROUTING, r"G \odot \mathbb{1}[Z_2 > Z_1]", r"dZ_2 = G \odot \mathbb{1}[Z_2 > Z_1]", maxout(1)),
    ("routing.straight_through_backward", ROUTING, r"dH", r"dH = G", lambda at: routing.straight_through_backward(at("G"))),
]  # fmt: skip
