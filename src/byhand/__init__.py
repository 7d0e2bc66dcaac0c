"""Backpropagation derived on paper and checked by machine: the library beside the derivations.

The modules, in the order in which they build on each other: `checks` (what may come in), `activations`,
`losses`, `layers`, `neuron`, `network`, `training`, and on their own `gradcheck` and `adjoint`.
"""
