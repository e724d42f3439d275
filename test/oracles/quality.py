"""Groups of near duplicates by scipy's connected components, and sizes of classes by scipy's entropy."""
import json, sys
from collections import Counter
from pathlib import Path
import numpy as np
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import cdist
from scipy.stats import entropy
from sklearn.datasets import load_iris

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
iris = load_iris()
names = iris.target_names[iris.target].tolist()
data = {"iris": (iris.data.astype(np.float32), names)}
for name in ("digits/pca-8", "emoji/pixels-pca-32", "emoji/mobilenet-metric-64"):
    file = np.load(SAMPLES / f"{name}.npz")
    data[name] = (file["embeddings"], file["labels"].tolist())

result = {"iris table": {"points": iris.data.tolist(), "labels": names}}
for name, (vectors, labels) in data.items():
    for metric in ("euclidean", "cosine"):
        x = vectors.astype(np.float64)
        d = cdist(x, x, metric)
        np.fill_diagonal(d, np.inf)
        median = float(np.median(d.min(axis=1)))
        _, exact = np.unique(vectors, axis=0, return_inverse=True)
        for factor in (0.13, 0.3):
            near = (d < factor * median) | (exact[:, None] == exact[None, :])
            _, group = connected_components(near, directed=False)
            members = [np.flatnonzero(group == one) for one in np.unique(group)]
            groups = sorted([rows.tolist() for rows in members if len(rows) > 1])
            result[f"{name} {metric} {factor}"] = {
                "median": median,
                "groups": groups,
                "conflicts": sum(len({labels[row] for row in rows}) > 1 for rows in groups),
            }
    sizes = np.array(list(Counter(labels).values()))
    result[name] = {
        "ratio": float(sizes.max() / sizes.min()),
        "evenness": float(entropy(sizes) / np.log(len(sizes))),
        "rare": int((sizes / len(labels) < 0.1 / len(sizes)).sum()),
        "singletons": int((sizes == 1).sum()),
    }
json.dump(result, sys.stdout)
print()
