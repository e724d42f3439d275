"""Silhouettes and distances of many small classes, some of one row, by scikit-learn and numpy."""
import json
import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics import silhouette_samples

cases = {}
for name, rows, classes, seed in [("300 rows in 120 classes", 300, 120, 4), ("2300 rows in 900 classes", 2300, 900, 5)]:
    rng = np.random.default_rng(seed)
    y = np.concatenate([np.arange(classes), rng.integers(0, classes * 3 // 4, rows - classes)])
    # A class that is far larger than the others, and cut by every part that rows come in.
    y[rng.random(rows) < (0.5 if rows == 300 else 0.15)] = 7
    # Classes of 12 rows, and of 11.
    y[(y >= 20) & (y < 30)] = 7
    for c in range(20, 30):
        y[rng.choice(np.flatnonzero(y == 7), 12 - c % 2, replace=False)] = c
    y = np.unique(y, return_inverse=True)[1]
    classes = int(y.max()) + 1
    x = np.rint(rng.normal(size=(classes, 3))[y] * 40 + rng.normal(size=(rows, 3)) * 20).astype(int)
    order = rng.permutation(rows)
    x, y = x[order], y[order]
    d = cdist(x.astype(float), x.astype(float))
    sizes = np.bincount(y)
    assert (sizes == 1).any() and (sizes == 12).any() and (sizes == 11).any()
    sums = np.stack([d[:, y == c].sum(1) for c in range(classes)], 1)
    own = y[:, None] == np.arange(classes)[None]
    means = np.where(own, np.nan, sums / sizes)
    totals = np.stack([sums[y == c].sum(0) for c in range(classes)])
    between = totals / (sizes[:, None] * sizes[None])
    np.fill_diagonal(between, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = np.diag(totals) / (sizes * (sizes - 1))
    cases[name] = {
        "vectors": x.ravel().tolist(),
        "labels": y.tolist(),
        "silhouettes": np.round(silhouette_samples(d, y, metric="precomputed"), 9).tolist(),
        "within": [None if s == 1 else round(float(w), 9) for w, s in zip(within, sizes)],
        "nearestOfClasses": np.round(np.nanmin(between, 1), 9).tolist(),
        # To the nearest class of 12 rows or more.
        "nearestLarge": np.round(np.nanmin(np.where(sizes >= 12, means, np.inf), 1), 9).tolist(),
    }
    cases[name]["nearestLarge"] = [None if not np.isfinite(v) else v for v in cases[name]["nearestLarge"]]
print(json.dumps(cases))
