"""Expected figures of each class, outliers, confused pairs and margins, from their definitions in double
precision: numpy, scipy and scikit-learn. Tables as they are, and wine in eight uneven classes."""
import json, sys
import numpy as np
from scipy.spatial.distance import cdist
from scipy.stats import binomtest, median_abs_deviation
from sklearn.metrics import roc_auc_score, roc_curve, silhouette_samples
from tables import tables


def distances(x, metric):
    x = x.astype(np.float64)
    if metric == "euclidean":
        return cdist(x, x)
    norms = np.linalg.norm(x, axis=1)
    d = 1 - (x @ x.T) / (norms[:, None] * norms[None, :])
    np.fill_diagonal(d, 0)
    return d


def or_none(value):
    return float(value) if np.isfinite(value) else None


def median(values):
    return or_none(np.median(values)) if len(values) else None


def orders(d, queries):
    """Of each row that asks, the rows that it may find, nearest first."""
    n = len(d)
    allowed = ~np.eye(n, dtype=bool)
    if queries is not None:
        allowed &= queries[:, None] & ~queries[None, :]
    return {i: [j for j in np.argsort(d[i], kind="stable") if allowed[i, j]] for i in range(n) if allowed[i].any()}


def outliers(d, y, order):
    means = {}
    for i, found in order.items():
        mates = [j for j in found if y[j] == y[i]][:10]
        if mates:
            means[i] = d[i, mates].mean()
    far = []
    for c in sorted(set(y)):
        own = {i: mean for i, mean in means.items() if y[i] == c}
        if len(own) < 5:
            continue
        values = np.array(list(own.values()))
        limit = np.median(values) + 3 * 1.4826 * median_abs_deviation(values)
        far += [i for i, mean in own.items() if mean > limit]
    return sorted(far)


def pairs_of(y, order):
    classes = sorted(set(y))
    counts = {}
    for i, found in order.items():
        said = y[found[0]]
        if said != y[i]:
            counts[(y[i], said)] = counts.get((y[i], said), 0) + 1
    asked = {c: sum(y[i] == c for i in order) for c in classes}
    pairs = []
    for at, a in enumerate(classes):
        for b in classes[at + 1:]:
            ab, ba = counts.get((a, b), 0), counts.get((b, a), 0)
            if ab + ba:
                pairs.append([a, b, ab + ba, ab, ba, (ab + ba) / (asked[a] + asked[b]), 100 * (ab + ba) / len(order)])
    pairs.sort(key=lambda pair: (-pair[2], pair[0], pair[1]))
    sizes = np.array([pair[2] for pair in pairs])
    sums = np.cumsum(sizes)
    return pairs, {
        "errors": int(sizes.sum()),
        "pairs": len(pairs),
        "possiblePairs": len(classes) * (len(classes) - 1) // 2,
        # The first so many of which the sum reaches the share.
        "pairsForHalf": int(np.argmax(2 * sums >= sizes.sum())) + 1,
        "pairsForFourFifths": int(np.argmax(5 * sums >= 4 * sizes.sum())) + 1,
        "gini": gini(np.pad(sizes, (0, len(classes) * (len(classes) - 1) // 2 - len(sizes)))),
    }


def gini(values):
    """Of all possible pairs, those without an error included."""
    return float(np.abs(values[:, None] - values[None, :]).mean() / (2 * values.mean()))


def margin(values, right):
    """Of the rows that have one, in row order."""
    rows = [i for i in values if np.isfinite(values[i])]
    x = np.array([values[i] for i in rows])
    ok = np.array([right[i] for i in rows])
    counts, edges = np.histogram(x, 40)
    wrong, _ = np.histogram(x[~ok], edges)
    auc = roc_auc_score(~ok, -x)
    calibrated = None
    if auc >= 0.6 and min(ok.sum(), (~ok).sum()) >= 5:
        far, tar, thresholds = roc_curve(~ok, -x, drop_intermediate=False)
        best = -thresholds[np.argmax(tar - far)]
        calibrated = {"threshold": float((best + x[x > best].min()) / 2), "lowShare": float((x <= best).mean()),
                      "errorShare": float((x[~ok] <= best).mean())}
    # The largest first; of equal ones the later row is kept.
    kept = ok[np.lexsort((np.arange(len(x)), x))][::-1]
    steps = min(50, len(x))
    exact = [step / steps * len(x) for step in range(1, steps + 1)]
    sizes = [int(size) + (size % 1 >= 0.5) for size in exact]
    return {"edges": [float(edge) for edge in edges], "right": [int(n) for n in counts - wrong],
            "wrong": [int(n) for n in wrong], "errorAuc": float(auc), "calibrated": calibrated,
            "riskCoverage": [[size / len(x), float(kept[:size].mean())] for size in sizes]}


def evaluate(x, y, metric, queries=None):
    n = len(y)
    d = distances(x, metric)
    order = orders(d, queries)
    classes = sorted(set(y))
    right = {i: y[found[0]] == y[i] for i, found in order.items()}
    neighbor = {i: d[i, found[1]] - d[i, found[0]] for i, found in order.items()}
    prediction, of_class, rank, precision = {}, {}, {}, {}
    for i, found in order.items():
        other = [j for j in found if y[j] != y[found[0]]]
        prediction[i] = d[i, other[0]] - d[i, found[0]] if other else np.nan
        same = np.array([y[j] == y[i] for j in found])
        r = int(same.sum())
        if r and r < len(same):
            of_class[i] = d[i, found[int(np.argmin(same))]] - d[i, found[int(np.argmax(same))]]
        if r:
            rank[i] = int(np.argmax(same)) + 1
            precision[i] = (same[:r] * np.cumsum(same[:r]) / np.arange(1, r + 1)).sum() / r
    low = round(float(np.median(list(neighbor.values()))) / 2, 9)
    far = outliers(d, y, order)
    members = {c: np.flatnonzero(y == c) for c in classes}
    unit = x.astype(np.float64)
    if metric == "cosine":
        unit = unit / np.linalg.norm(unit, axis=1)[:, None]

    def between(a, b):
        block = d[np.ix_(members[a], members[b])]
        if a != b:
            return block.mean()
        return block.sum() / (len(block) * (len(block) - 1)) if len(block) > 1 else np.nan

    intra = {c: between(c, c) for c in classes}
    judged = np.array([intra[c] for c in classes if len(members[c]) >= 5])
    mad = 1.4826 * median_abs_deviation(judged) if len(judged) >= 5 else 0
    silhouettes = silhouette_samples(np.maximum(0, d), y, metric="precomputed")
    told = {}
    for c in classes:
        asked = [i for i in members[c] if i in order]
        matched = [i for i in asked if i in rank]
        errors = sum(not right[i] for i in asked)
        nearest = min((other for other in classes if other != c), key=lambda other: between(c, other))
        inter = between(c, nearest)
        centre = unit[members[c]].mean(axis=0)
        off = unit[members[c]]
        to_centre = (np.linalg.norm(off - centre, axis=1) if metric == "euclidean"
                     else 1 - off @ centre / np.linalg.norm(centre))
        ci = binomtest(len(asked) - errors, len(asked)).proportion_ci(method="wilson")
        told[c] = {
            "rows": len(asked),
            **({} if queries is None else {"galleryRows": len(members[c]) - len(asked)}),
            "errors": errors,
            "accuracy": 1 - errors / len(asked),
            "accuracyInterval": [float(ci.low), float(ci.high)],
            "hitAt10": float(np.mean([rank[i] <= 10 for i in matched])) if matched else None,
            "mapAtR": float(np.mean([precision[i] for i in matched])) if matched else None,
            "neighborMarginMedian": median([neighbor[i] for i in asked]),
            "neighborMarginLowShare": float(np.mean([neighbor[i] < low for i in asked])),
            "classMarginMedian": median([of_class[i] for i in asked if i in of_class]),
            "intraClassDistance": or_none(intra[c]),
            "centroidDistance": float(to_centre.mean()),
            "spreadScore": float((intra[c] - np.median(judged)) / mad) if mad > 0 and len(members[c]) >= 5 else None,
            "nearestClass": nearest,
            "interClassDistance": float(inter),
            "separation": or_none(inter / ((intra[c] + intra[nearest]) / 2)),
            "silhouette": float(silhouettes[members[c]].mean()) if len(members[c]) > 1 else None,
            "outliers": sum(i in far for i in members[c]),
        }
    pairs, concentration = pairs_of(y, order)
    return {"metric": metric, "gallery": queries is not None, "lowMargin": low, "classes": told,
            "outliers": [int(i) for i in far], "pairs": pairs, "concentration": concentration,
            "margins": {"prediction": margin(prediction, right), "neighbor": margin(neighbor, right)}}


def by_hue():
    """Wine by its class and by a third of its hue: eight classes of 2 to 43 rows."""
    wine = tables()["wine"]
    x = np.array(wine["vectors"], dtype=np.float32)
    hue = np.digitize(x[:, 10], np.quantile(x[:, 10], [1 / 3, 2 / 3]))
    return {"vectors": wine["vectors"], "labels": [f"{label}{part}" for label, part in zip(wine["labels"], hue)]}


if __name__ == "__main__":
    result = {}
    for name, table in {**tables(), "wine by hue": by_hue()}.items():
        if name == "breast-cancer":
            continue
        x = np.array(table["vectors"], dtype=np.float32)
        y = np.array(table["labels"])
        queries = np.array([i % 3 == 0 for i in range(len(y))])
        about = {"table": "wine" if name == "wine by hue" else name, "labels": table["labels"]}
        for metric in ("euclidean", "cosine"):
            result[f"{name}, {metric}"] = {**about, **evaluate(x, y, metric)}
        if name != "wine-uneven":
            result[f"{name}, queries against a gallery"] = {**about, **evaluate(x, y, "euclidean", queries)}
    json.dump(result, sys.stdout)
