"""Makes the vectors and labels of the benchmark, the same for the same arguments.

data.py embedding|random ROWS DIMENSIONS CLASSES VECTORS.npy LABELS.npy

embedding: spread as the emoji sample's (samples/emoji/mobilenet-128.npz, 98 classes): the variance on
the i-th principal axis falls as i^-1.3, within the classes and between their centres, each with axes of
its own; 0.645 of it is within the classes. random: independent normal components, and labels that have
nothing to do with them: nothing can be told from a few axes.
"""

import os
import sys

import numpy as np

kind, rows, dimensions, classes = sys.argv[1], *map(int, sys.argv[2:5])
chance = np.random.default_rng([2024, rows, dimensions, classes, kind == "random"])
labels = chance.integers(0, classes, rows, dtype=np.int32)
# Every class has a row, so that the number of classes is the one asked for.
labels[:classes] = np.arange(classes)


def spread(count, share):
    """Rows with a falling spectrum along random axes, whose variances add up to `share`."""
    variances = np.arange(1, dimensions + 1) ** -1.3
    deviations = np.sqrt(share * variances / variances.sum()).astype(np.float32)
    axes = np.linalg.qr(chance.standard_normal((dimensions, dimensions)))[0].astype(np.float32)
    return (chance.standard_normal((count, dimensions), np.float32) * deviations) @ axes.T


if kind == "embedding":
    vectors = spread(classes, 0.355)[labels] + spread(rows, 0.645)
else:
    vectors = chance.standard_normal((rows, dimensions), np.float32)
for file, values in zip(sys.argv[5:7], (vectors, labels)):
    with open(f"{file}.partial", "wb") as partial:
        np.save(partial, values)
    os.replace(f"{file}.partial", file)
