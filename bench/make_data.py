"""Writes the synthetic benchmark set: 500,000 x 28 for boosting, 100,000 for forests, 100,000 for testing, binary;
and 100,000 rows with five columns of 200 categories.

Usage: make_data.py <folder>"""
import sys
import numpy as np


def write(path, x, y, cardinalities=None):
    rows, columns = x.shape
    with open(path, "wb") as out:
        np.array([rows, columns], dtype="<i4").tofile(out)
        np.array(cardinalities or [0] * columns, dtype="<i4").tofile(out)
        np.asfortranarray(x.astype("<f4")).T.tofile(out)
        y.astype("<f4").tofile(out)


def synthetic(rows, seed):
    """Smooth, interacting and useless features; the noise keeps the best AUC near 0.9."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 28)).astype("f4")
    s = (np.sin(x[:, 0] * 2) + 0.5 * (x[:, 1] + x[:, 2]) + 0.5 * x[:, 1] * x[:, 2] + 0.8 * np.abs(x[:, 3]) + 0.7 * x[:, 4] + 0.5 * (x[:, 5] > 0.3) * x[:, 6]
         + 0.4 * np.maximum(x[:, 7], x[:, 8]) + 0.3 * x[:, 9:18].sum(axis=1) * 0.7 - 0.9)
    y = rng.random(rows) < 1 / (1 + np.exp(-2.0 * s))
    return x, y.astype("f4")


def categories(rows, seed):
    """Ten numbers and five columns of 200 categories, each category with an effect of its own."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, 15)).astype("f4")
    codes = np.floor(200 * rng.random((rows, 5)) ** 2)
    effects = rng.normal(size=(5, 200))
    s = x[:, 0] + 0.5 * x[:, 1] * x[:, 2] + sum(effects[k][codes[:, k].astype(int)] for k in range(5))
    x[:, 10:] = codes
    return x, (rng.random(rows) < 1 / (1 + np.exp(-s))).astype("f4"), [0] * 10 + [200] * 5


if __name__ == "__main__":
    write(sys.argv[1] + "/train.bin", *synthetic(500_000, 1))
    write(sys.argv[1] + "/train100k.bin", *synthetic(100_000, 3))
    write(sys.argv[1] + "/test.bin", *synthetic(100_000, 2))
    write(sys.argv[1] + "/categories.bin", *categories(100_000, 4))
