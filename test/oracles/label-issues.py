"""Labels flipped on purpose, and how well cleanlab's kNN-based scores find them.

Writes breast-cancer.npz (scikit-learn's table, standardised) beside it, and prints, for each data
set, the flipped rows of each seed and the average precision of every score of cleanlab.
"""
import json, sys, warnings
from pathlib import Path
import numpy as np
from cleanlab.rank import get_label_quality_ensemble_scores, get_label_quality_scores
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import average_precision_score
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings("ignore")
HERE = Path(__file__).resolve().parent
SHARE, SEEDS, KS = 0.03, range(10), (5, 10, 20, 50)


def data():
    for name in ("pca-8", "nca-16-small", "nca-32"):
        file = np.load(HERE.parents[1] / f"samples/digits/{name}.npz")
        yield f"digits/{name}", file["embeddings"], file["labels"].astype(str)
    table = load_breast_cancer()
    x = StandardScaler().fit_transform(table.data).astype(np.float32)
    labels = table.target_names[table.target].astype(str)
    np.savez_compressed(HERE / "breast-cancer.npz", embeddings=x, labels=labels)
    yield "breast-cancer", x, labels


def flip(codes, classes, seed):
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(len(codes), round(SHARE * len(codes)), replace=False))
    flipped = codes.copy()
    flipped[rows] = (codes[rows] + rng.integers(1, classes, len(rows))) % classes
    return flipped, rows


def scores(codes, classes, neighbors, distances):
    """Every kNN-based score: vote shares of k neighbours, even or by 1 / distance, leave-one-out."""
    found, even = {}, []
    for weights in ("even", "distance"):
        for k in KS:
            share = np.zeros((len(codes), classes))
            for place in range(k):
                weight = 1.0 if weights == "even" else 1 / np.maximum(distances[:, place], 1e-12)
                np.add.at(share, (np.arange(len(codes)), codes[neighbors[:, place]]), weight)
            share /= share.sum(axis=1, keepdims=True)
            if weights == "even":
                even.append(share)
            for method in ("self_confidence", "normalized_margin", "confidence_weighted_entropy"):
                found[f"{method}, k = {k}, {weights}"] = get_label_quality_scores(codes, share, method=method)
                if method != "confidence_weighted_entropy":
                    try:
                        found[f"{method} adjusted, k = {k}, {weights}"] = get_label_quality_scores(
                            codes, share, method=method, adjust_pred_probs=True)
                    except ValueError:
                        pass  # a class whose threshold can't be told
    for method in ("self_confidence", "normalized_margin"):
        found[f"{method}, ensemble over k"] = get_label_quality_ensemble_scores(codes, even, method=method, verbose=False)
    return found


result = {}
for name, x, labels in data():
    names, codes = np.unique(labels, return_inverse=True)
    x = x.astype(np.float64)
    distances, neighbors = NearestNeighbors(n_neighbors=max(KS) + 1).fit(x).kneighbors(x)
    own = neighbors == np.arange(len(x))[:, None]
    own[~own.any(axis=1), -1] = True  # an exact duplicate took the row's own place
    distances = distances[~own].reshape(len(x), -1)
    neighbors = neighbors[~own].reshape(len(x), -1)
    precision, flips = {}, []
    for seed in SEEDS:
        flipped, rows = flip(codes, len(names), seed)
        flips.append({"seed": seed, "rows": rows.tolist(), "labels": names[flipped[rows]].tolist()})
        wrong = np.isin(np.arange(len(x)), rows)
        for score, quality in scores(flipped, len(names), neighbors, distances).items():
            precision.setdefault(score, []).append(average_precision_score(wrong, 1 - quality))
    means = {score: float(np.mean(values)) for score, values in precision.items() if len(values) == len(SEEDS)}
    best = max(means, key=means.get)
    result[name] = {
        "flips": flips,
        "best": {"score": best, "mean": means[best], "by_seed": precision[best]},
        "best_of_each_seed": np.max([values for score, values in precision.items() if score in means], axis=0).tolist(),
        "means": means,
    }
json.dump(result, sys.stdout)
print()
