"""The normal distribution."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np

from rekentool.engine.functions.registry import vectorised
from rekentool.engine.vector import Floats

# Functions of numbers get floats or arrays and give one or the other (registry.vectorised).
Number = Any

_ROOT2 = math.sqrt(2)
_DENSITY0 = 1 / math.sqrt(2 * math.pi)
_STANDARD = NormalDist()


def _below(z: Number) -> Floats:
    """The share of the standard normal distribution below z."""
    shape = np.shape(z)
    return np.array([math.erfc(-one / _ROOT2) / 2 for one in np.ravel(z).tolist()]).reshape(shape)


def _inverse(share: Number) -> Floats:
    """The z below which a share lies, NaN outside 0 to 1 (ends excluded)."""
    shape = np.shape(share)
    found = [_STANDARD.inv_cdf(one) if 0 < one < 1 else math.nan for one in np.ravel(share).tolist()]
    return np.array(found).reshape(shape)


def _distribution(z: Number, cumulative: Number) -> Floats:
    below = _below(z) if np.any(cumulative) else 0.0
    return np.where(np.not_equal(cumulative, 0), below, _DENSITY0 * np.exp(-np.square(z) / 2))


def _standardised(x: Number, mean: Number, deviation: Number) -> Floats:
    positive = np.greater(deviation, 0)
    return np.where(positive, np.subtract(x, mean) / np.where(positive, deviation, 1.0), np.nan)


def _normal(x: Number, mean: Number, deviation: Number, cumulative: Number) -> Floats:
    found = _distribution(_standardised(x, mean, deviation), cumulative)
    return np.where(np.not_equal(cumulative, 0), found, found / np.where(np.equal(deviation, 0), np.nan, deviation))


@vectorised("NORM.DIST", "norm-dist-function-edb1cc14-a21c-4e53-839d-8082074c9f8d")
def norm_dist(x: Number, mean: Number, deviation: Number, cumulative: Number) -> Number:
    """The share below x, or the density at x; #NUM! unless the standard deviation is above 0."""
    return _normal(x, mean, deviation, cumulative)


@vectorised("NORMDIST", "normdist-function-126db625-c53e-4591-9a22-c9ff422d6d58")
def normdist(x: Number, mean: Number, deviation: Number, cumulative: Number) -> Number:
    """The share below x, or the density at x; #NUM! unless the standard deviation is above 0."""
    return _normal(x, mean, deviation, cumulative)


@vectorised("NORM.S.DIST", "norm-s-dist-function-1e787282-3832-4520-a9ae-bd2a8d99ba88")
def norm_s_dist(z: Number, cumulative: Number) -> Number:
    """The share below z of the standard normal distribution, or its density at z."""
    return _distribution(z, cumulative)


@vectorised("NORMSDIST", "normsdist-function-463369ea-0345-445d-802a-4ff0d6ce7cac")
def normsdist(z: Number) -> Number:
    """The share below z of the standard normal distribution."""
    return _below(z)


def _scaled(share: Number, mean: Number, deviation: Number) -> Floats:
    return np.where(np.greater(deviation, 0), mean + deviation * _inverse(share), np.nan)


@vectorised("NORM.INV", "norm-inv-function-54b30935-fee7-493c-bedb-2278a9db7e13")
def norm_inv(share: Number, mean: Number, deviation: Number) -> Number:
    """The x below which a share lies; #NUM! unless the share is between 0 and 1 and the deviation above 0."""
    return _scaled(share, mean, deviation)


@vectorised("NORMINV", "norminv-function-87981ab8-2de0-4cb0-b1aa-e21d4cb879b8")
def norminv(share: Number, mean: Number, deviation: Number) -> Number:
    """The x below which a share lies; #NUM! unless the share is between 0 and 1 and the deviation above 0."""
    return _scaled(share, mean, deviation)


@vectorised("NORM.S.INV", "norm-s-inv-function-d6d556b4-ab7f-49cd-b526-5a20918452b1")
def norm_s_inv(share: Number) -> Number:
    """The z below which a share lies; #NUM! unless it is between 0 and 1."""
    return _inverse(share)


@vectorised("NORMSINV", "normsinv-function-8d1bce66-8e4d-4f3b-967c-30eed61f019d")
def normsinv(share: Number) -> Number:
    """The z below which a share lies; #NUM! unless it is between 0 and 1."""
    return _inverse(share)


@vectorised("STANDARDIZE", "standardize-function-81d66554-2d54-40ec-ba83-6437108ee775")
def standardize(x: Number, mean: Number, deviation: Number) -> Number:
    """How many standard deviations x lies above the mean."""
    return _standardised(x, mean, deviation)


def _margin(alpha: Number, deviation: Number, size: Number) -> Number:
    count = np.trunc(size)
    fine = np.greater(alpha, 0) & np.less(alpha, 1) & np.greater(deviation, 0) & np.greater_equal(count, 1)
    share = np.where(fine, 1 - np.divide(alpha, 2), 0.5)
    return np.where(fine, _inverse(share) * deviation / np.sqrt(np.where(fine, count, 1.0)), np.nan)


@vectorised("CONFIDENCE.NORM", "confidence-norm-function-7cec58a6-85bb-488d-91c3-63828d4fbfd4")
def confidence_norm(alpha: Number, deviation: Number, size: Number) -> Number:
    """How far a mean may be off, but for a share alpha of samples; #NUM! unless alpha is in 0 to 1."""
    return _margin(alpha, deviation, size)


@vectorised("CONFIDENCE", "confidence-function-75ccc007-f77c-4343-bc14-673642091ad6")
def confidence(alpha: Number, deviation: Number, size: Number) -> Number:
    """How far a mean may be off, but for a share alpha of samples; #NUM! unless alpha is in 0 to 1."""
    return _margin(alpha, deviation, size)
