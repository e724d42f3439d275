"""Expected values between two runs of the digits sample, by numpy, scipy and scikit-learn."""
import json
import sys
from pathlib import Path

import numpy as np
from scipy.stats import binomtest, false_discovery_control

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


result = {"changes": [changes("pca-8", "nca-32"), changes("nca-16-small", "nca-32")]}
json.dump(result, sys.stdout, indent=1)
print()
