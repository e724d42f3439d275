"""Compares the sides' neighbours of some rows with all distances of those rows in double precision.

check.py REQUEST.json, which holds {"vectors": file, "rows": [row], "k": k, "sides": {name: file},
"answer": file}; writes {name: {...}} into the last file. A side's place differs where another row
stands there than in the order by distance, then row; its gap is by how much the two rows' distances
differ, relative.
"""

import json
import sys

import numpy as np
from scipy.spatial.distance import cdist

# Sums of squares in another order differ in their last digits.
ROUNDING = 1e-12
FLOAT32_GAP = 1e-6

with open(sys.argv[1]) as file:
    request = json.load(file)
vectors = np.load(request["vectors"]).astype(np.float64)
rows, k = np.array(request["rows"]), request["k"]
distances = cdist(vectors[rows], vectors)
distances[np.arange(len(rows)), rows] = np.inf


def nearest(row_distances):
    last = np.partition(row_distances, k - 1)[k - 1]
    within = np.flatnonzero(row_distances <= last)
    return within[np.lexsort((within, row_distances[within]))][:k]


def relative(a, b):
    return 0.0 if a == b else abs(a - b) / max(a, b)


expected = [nearest(row_distances) for row_distances in distances]
answer = {}
for name, path in request["sides"].items():
    with open(path) as file:
        saved = json.load(file)
    gaps, errors, wrong = [], [], 0
    for at, found in enumerate(saved["neighbors"]):
        # A row twice, a row itself or a missing one is wrong whatever its distance.
        if len(set(found)) != k or rows[at] in found or min(found) < 0:
            wrong += 1
            continue
        for rank in range(k):
            distance = distances[at][found[rank]]
            if found[rank] != expected[at][rank]:
                gaps.append(relative(distance, distances[at][expected[at][rank]]))
            if "distances" in saved:
                errors.append(relative(saved["distances"][at][rank], distance))
    answer[name] = {
        "places": len(rows) * k,
        "wrongRows": wrong,
        "different": int(np.sum(np.array(gaps) > ROUNDING)),
        "beyondFloat32": int(np.sum(np.array(gaps) > FLOAT32_GAP)),
        "largestGap": float(max(gaps, default=0.0)),
        "largestDistanceError": float(max(errors)) if errors else None,
    }
with open(request["answer"], "w") as file:
    json.dump(answer, file)
