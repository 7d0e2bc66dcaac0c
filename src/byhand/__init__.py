"""Backpropagation derived on paper and checked by machine: the library beside the derivations.

The modules, in the order in which they build on each other: `checks` (what may come in), `activations`, `softmax`,
`losses`, `layers`, `network`, `training`. Each on its own: `regression`, `cross_entropy`, `divergence`, `neuron`,
`moves`, `rearrangements`, `jacobians`, `tangents`, `layouts`, `blocks`, `routing`, `data`; and to check gradients,
`gradcheck` and `adjoint`.
"""
