"""Makes the vectors and labels of the benchmark, the same for the same arguments.

data.py clustered|random ROWS DIMENSIONS CLASSES VECTORS.npy LABELS.npy

clustered: each class has a centre with normal components, and each row normal components around its
class's, with the same deviation: two classes are as far apart as rows of one class, and rows of two
classes 1.4 times as far. random: normal components, and labels that have nothing to do with them.
"""

import os
import sys

import numpy as np

kind, rows, dimensions, classes = sys.argv[1], *map(int, sys.argv[2:5])
chance = np.random.default_rng([2024, rows, dimensions, classes, kind == "random"])
labels = chance.integers(0, classes, rows, dtype=np.int32)
# Every class has a row, so that the number of classes is the one asked for.
labels[:classes] = np.arange(classes)
vectors = chance.standard_normal((rows, dimensions), np.float32)
if kind == "clustered":
    centers = chance.standard_normal((classes, dimensions), np.float32)
    vectors += centers[labels]
for file, values in zip(sys.argv[5:7], (vectors, labels)):
    with open(f"{file}.partial", "wb") as partial:
        np.save(partial, values)
    os.replace(f"{file}.partial", file)
