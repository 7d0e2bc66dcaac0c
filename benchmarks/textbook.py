"""One gradient of a fully connected network as a first course writes it, in plain NumPy.

Small functions hand a cache from one to the next; every backward step recomputes its activation's slope from Z, copies
what it changes, and goes down to dA0. Written for this benchmark in that style. Examples are columns.
"""

from __future__ import annotations

import numpy as np


def sigmoid(Z):
    return 1 / (1 + np.exp(-Z)), Z


def tanh(Z):
    return np.tanh(Z), Z


def relu(Z):
    return np.maximum(0, Z), Z


def softmax(Z):
    exps = np.exp(Z - np.max(Z, axis=0, keepdims=True))
    return exps / np.sum(exps, axis=0, keepdims=True), Z


def sigmoid_backward(dA, Z):
    s = 1 / (1 + np.exp(-Z))
    return dA * s * (1 - s)


def tanh_backward(dA, Z):
    return dA * (1 - np.power(np.tanh(Z), 2))


def relu_backward(dA, Z):
    dZ = np.array(dA, copy=True)
    dZ[Z <= 0] = 0
    return dZ


FORWARD = {"sigmoid": sigmoid, "tanh": tanh, "relu": relu, "softmax": softmax}
BACKWARD = {"sigmoid": sigmoid_backward, "tanh": tanh_backward, "relu": relu_backward}


def linear_forward(A, W, b):
    Z = np.dot(W, A) + b
    return Z, (A, W, b)


def linear_activation_forward(A_prev, W, b, activation):
    Z, linear_cache = linear_forward(A_prev, W, b)
    A, activation_cache = FORWARD[activation](Z)
    return A, (linear_cache, activation_cache)


def model_forward(X, parameters, activations):
    caches = []
    A = X
    for ell, activation in enumerate(activations, start=1):
        A, cache = linear_activation_forward(A, parameters[f"W{ell}"], parameters[f"b{ell}"], activation)
        caches.append(cache)
    return A, caches


def compute_cost(AL, Y, activation):
    m = Y.shape[1]
    if activation == "softmax":
        return -np.sum(Y * np.log(AL)) / m
    return -np.sum(Y * np.log(AL) + (1 - Y) * np.log(1 - AL)) / m


def linear_backward(dZ, cache):
    A_prev, W, _ = cache
    m = A_prev.shape[1]
    dW = np.dot(dZ, A_prev.T) / m
    db = np.sum(dZ, axis=1, keepdims=True) / m
    dA_prev = np.dot(W.T, dZ)
    return dA_prev, dW, db


def linear_activation_backward(dA, cache, activation):
    linear_cache, activation_cache = cache
    return linear_backward(BACKWARD[activation](dA, activation_cache), linear_cache)


def model_backward(AL, Y, caches, activations):
    gradients = {}
    L = len(caches)
    if activations[-1] == "softmax":
        dA, gradients[f"dW{L}"], gradients[f"db{L}"] = linear_backward(AL - Y, caches[-1][0])
    else:
        dAL = -(np.divide(Y, AL) - np.divide(1 - Y, 1 - AL))
        dA, gradients[f"dW{L}"], gradients[f"db{L}"] = linear_activation_backward(dAL, caches[-1], activations[-1])
    for ell in reversed(range(1, L)):
        gradients[f"dA{ell}"] = dA
        step = linear_activation_backward(dA, caches[ell - 1], activations[ell - 1])
        dA, gradients[f"dW{ell}"], gradients[f"db{ell}"] = step
    gradients["dA0"] = dA
    return gradients


def update_parameters(parameters, gradients, learning_rate):
    new = {}
    for name in parameters:
        new[name] = parameters[name] - learning_rate * gradients["d" + name]
    return new
