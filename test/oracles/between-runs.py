"""Expected values between two runs of the digits sample, by numpy, scipy and scikit-learn."""
import json
import sys
from pathlib import Path

import numpy as np
from scipy.spatial import procrustes
from scipy.spatial.distance import pdist
from scipy.stats import binomtest, f, false_discovery_control, ks_2samp, ttest_ind
from sklearn.kernel_ridge import KernelRidge
from sklearn.metrics import roc_auc_score

samples = Path(__file__).parents[2] / "samples" / "digits"


def load(name):
    with np.load(samples / f"{name}.npz") as file:
        labels, ids = file["labels"].astype(str), file["ids"].astype(str)
        return file["embeddings"].astype(np.float64), labels, ids


def nearest(vectors, k):
    """Indices of the k nearest other rows, ties to the lower row."""
    squares = (vectors[:, None, :] - vectors[None, :, :]) ** 2
    distances = np.sqrt(squares.sum(-1))
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


def mcnemar(fixed, broken):
    return 1.0 if fixed + broken == 0 else binomtest(fixed, fixed + broken, 0.5).pvalue


def adjusted(parts):
    """Benjamini-Hochberg over the parts where six rows or more changed."""
    told = [i for i, (fixed, broken) in enumerate(parts) if fixed + broken >= 6]
    result = [None] * len(parts)
    if told:
        for i, p in zip(told, false_discovery_control([mcnemar(*parts[i]) for i in told])):
            result[i] = p
    return result


def changes(before, now):
    (old, labels, ids), (new, labels_now, ids_now) = load(before), load(now)
    assert (labels == labels_now).all() and (ids == ids_now).all()
    k = 10
    near_old, near_new = nearest(old, k), nearest(new, k)
    right_old = labels[near_old[:, 0]] == labels
    right_new = labels[near_new[:, 0]] == labels
    overlap = np.array([len(set(a) & set(b)) / k for a, b in zip(near_old, near_new)])
    classes = sorted(set(labels))
    counts = [
        (
            int((~right_old & right_new & (labels == c)).sum()),
            int((right_old & ~right_new & (labels == c)).sum()),
        )
        for c in classes
    ]
    return {
        "before": before,
        "now": now,
        "overlap": {
            "mean": overlap.mean(),
            "classes": {c: overlap[labels == c].mean() for c in classes},
        },
        "classes": [
            {"label": c, "fixed": f, "broken": b, "p": mcnemar(f, b), "adjustedP": q}
            for c, (f, b), q in zip(classes, counts, adjusted(counts))
        ],
    }


def spread_of(rows):
    """Unbiased root of the summed variances, and distances to the centroid on the same footing."""
    centre, n = rows.mean(0), len(rows)
    distances = np.linalg.norm(rows - centre, axis=1)
    return centre, np.sqrt((distances**2).sum() / (n - 1)), distances * np.sqrt(n / (n - 1))


def drift():
    """Even rows of a run against its odd rows, where class 3 was moved along the first axis and class 5 widened."""
    vectors, labels, _ = load("nca-32")
    before, now = vectors[::2], vectors[1::2].copy()
    labels_before, labels_now = labels[::2], labels[1::2]
    now[labels_now == "3", 0] += 2.0
    fives = labels_now == "5"
    now[fives] = now[fives].mean(0) + 1.5 * (now[fives] - now[fives].mean(0))
    classes = []
    for label in sorted(set(labels)):
        a, b = now[labels_now == label], before[labels_before == label]
        (ca, sa, da), (cb, sb, db) = spread_of(a), spread_of(b)
        pooled = np.sqrt(
            ((len(a) - 1) * sa**2 + (len(b) - 1) * sb**2) / (len(a) + len(b) - 2)
        )
        test = ks_2samp(da, db, method="exact")
        classes.append(
            {
                "label": label,
                "shift": np.linalg.norm(ca - cb) / pooled,
                "spreadRatio": sa / sb,
                "ks": test.statistic,
                "ksP": test.pvalue,
            }
        )
    return {"sample": "nca-32", "move": 2.0, "widen": 1.5, "classes": classes}


def separations():
    """Two halves of the digits told apart, the second one moved or widened, by scikit-learn's kernel ridge."""
    vectors, _, _ = load("nca-32")
    rows = 150
    before, after = vectors[::2][:rows], vectors[1::2][:rows]
    cases = []
    for name, now in {
        "as they are": after,
        "moved": after + np.array([0.4] + 31 * [0.0]),
        "widened": after.mean(0) + 1.1 * (after - after.mean(0)),
        "far away": after + 100.0,
    }.items():
        both = np.concatenate([now, before])
        side = np.repeat([-1.0, 1.0], rows)
        fold = np.tile(np.arange(rows) % 5, 2)
        squared = np.sort(pdist(both, "sqeuclidean"))
        gamma = 1 / squared[(len(squared) - 1) // 2]
        scores = np.empty(2 * rows)
        for f in range(5):
            model = KernelRidge(kernel="rbf", gamma=gamma, alpha=1.0)
            scores[fold == f] = model.fit(both[fold != f], side[fold != f]).predict(both[fold == f])
        cases.append({"name": name, "auc": roc_auc_score(side, scores)})
    return {"sample": "nca-32", "rows": rows, "cases": cases}


def kolmogorov(rng):
    cases = []
    for n, m, shift in [(5, 5, 2.0), (7, 12, 0.5), (60, 45, 0.4), (300, 500, 0.1), (2000, 3000, 0.05)]:
        a, b = np.sort(rng.normal(size=n)), np.sort(rng.normal(shift, size=m))
        test = ks_2samp(a, b, method="exact" if n * m <= 250_000 else "asymp")
        case = {"n": n, "m": m, "statistic": test.statistic, "p": test.pvalue}
        if n <= 60:
            case |= {"a": a.tolist(), "b": b.tolist()}
        cases.append(case)
    return cases


def turns(rng):
    """Disparities of scipy: a turned, scaled and shifted copy, a noisy one, and a stranger."""
    points = rng.normal(size=(12, 4))
    turn, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    others = {
        "turned": 3.0 * points @ turn + 5.0,
        "noisy": points @ turn + 0.3 * rng.normal(size=points.shape),
        "stranger": rng.normal(size=points.shape),
        "collinear": np.outer(np.arange(12.0), [1.0, 2.0, 0.0, 0.0]),
    }
    return {
        "points": points.tolist(),
        "others": [
            {"name": name, "points": other.tolist(), "disparity": procrustes(points, other)[2]}
            for name, other in others.items()
        ],
    }


def one_dimension(rng):
    """With one dimension the test of two centroids is Student's."""
    a, b = rng.normal(size=9), rng.normal(0.7, size=14)
    return {"a": a.tolist(), "b": b.tolist(), "p": ttest_ind(a, b).pvalue}


rng = np.random.default_rng(11)
result = {
    "changes": [changes("pca-8", "nca-32"), changes("nca-16-small", "nca-32")],
    "drift": drift(),
    "separation": separations(),
    "kolmogorov": kolmogorov(rng),
    "procrustes": turns(rng),
    "oneDimension": one_dimension(rng),
    "f": [
        {"value": x, "a": a, "b": b, "p": f.sf(x, a, b)}
        for x, a, b in [(1.0, 1, 10), (2.5, 3.7, 20.4), (0.2, 30, 900), (9.0, 2.2, 5), (3.0, 80, 4000), (1.05, 300, 60000)]
    ],
}
json.dump(result, sys.stdout, indent=1)
print()
