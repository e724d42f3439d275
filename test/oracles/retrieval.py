"""Expected figures of retrieval and verification, straight from their definitions in double precision: numpy,
and scikit-learn's ROC. Leave-one-out, with groups that don't meet, and queries against a gallery."""
import json, sys
import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics import auc, confusion_matrix, roc_auc_score, roc_curve
from tables import tables


def distances(x, metric):
    x = x.astype(np.float64)
    if metric == "euclidean":
        return cdist(x, x)
    norms = np.linalg.norm(x, axis=1)
    d = 1 - (x @ x.T) / np.where(norms == 0, 1, norms)[:, None] / np.where(norms == 0, 1, norms)[None, :]
    d[norms == 0] = 1
    d[:, norms == 0] = 1
    # Parallel rows but for rounding.
    d[d < 1e-12] = 0
    return d


def vote(labels):
    counts = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return max(counts, key=lambda label: (counts[label], -list(labels).index(label)))


def evaluate(x, y, metric, groups=None, queries=None):
    n = len(y)
    d = distances(x, metric)
    allowed = ~np.eye(n, dtype=bool)
    if groups is not None:
        allowed &= (groups[:, None] != groups[None, :]) | (groups[:, None] < 0)
    if queries is not None:
        allowed &= queries[:, None] & ~queries[None, :]
    rows = [i for i in range(n) if allowed[i].any()]
    order = {i: [j for j in np.argsort(np.where(allowed[i], d[i], np.inf), kind="stable") if allowed[i, j]] for i in rows}
    per = {name: np.full(n, np.nan) for name in
           ["correct", "knn5", "hit1", "hit5", "hit10", "precision10", "recall10", "rr", "rp", "map"]}
    for i in rows:
        same = (y[order[i]] == y[i])
        r = int(same.sum())
        per["correct"][i] = same[0]
        per["knn5"][i] = vote(list(y[order[i][:5]])) == y[i]
        if r == 0:
            continue
        first = int(np.argmax(same)) + 1
        for k in (1, 5, 10):
            per[f"hit{k}"][i] = first <= k
        per["precision10"][i] = same[:10].sum() / 10
        per["recall10"][i] = same[:10].sum() / r
        per["rr"][i] = 1 / first
        per["rp"][i] = same[:r].sum() / r
        per["map"][i] = (same[:r] * np.cumsum(same[:r]) / np.arange(1, r + 1)).sum() / r
    classes = sorted(set(y))

    def macro(values):
        means = [values[(y == c) & ~np.isnan(values)] for c in classes]
        return float(np.mean([m.mean() for m in means if len(m)]))

    ids = {"correct": "nearest_neighbor_accuracy", "knn5": "knn_accuracy_5", "hit1": "hit_at_1", "hit5": "hit_at_5",
           "hit10": "hit_at_10", "precision10": "precision_at_10", "recall10": "recall_at_10",
           "rr": "mean_reciprocal_rank", "rp": "r_precision", "map": "map_at_r"}
    predicted = np.array([y[order[i][0]] for i in rows])
    matrix = confusion_matrix(y[rows], predicted, labels=classes)
    pairs = np.triu(allowed | allowed.T, 1)
    same_class = (y[:, None] == y[None, :])[pairs]
    fpr, tpr, _ = roc_curve(same_class, -d[pairs], drop_intermediate=False)
    at = int(np.argmin(np.abs(fpr - (1 - tpr))))
    tars = {}
    for far in (1e-2, 1e-3, 1e-4):
        # What a threshold on either side of that rate gives: ties may step across it.
        low = tpr[fpr <= far].max()
        high = tpr[fpr >= far].min()
        tars[str(far)] = [float(low), float(max(low, high))]
    margins = {}
    for i in rows:
        others = [j for j in order[i] if y[j] != y[i]]
        mates = [j for j in order[i] if y[j] == y[i]]
        if others and mates:
            margins[i] = d[i, others[0]] - d[i, mates[0]]
    # Of the nearest two, and of the nearest that doesn't carry the nearest one's label: plain, and by the nearest distance.
    spans = {"class": margins, "neighbor": {}, "prediction": {}}
    for i in rows:
        if len(order[i]) > 1:
            spans["neighbor"][i] = d[i, order[i][1]] - d[i, order[i][0]]
        unlike = [j for j in order[i] if y[j] != y[order[i][0]]]
        if unlike:
            spans["prediction"][i] = d[i, unlike[0]] - d[i, order[i][0]]
    relative = {}
    for name, span in spans.items():
        kept = [i for i in span if d[i, order[i][0]] > 0]
        ratios = np.array([span[i] / d[i, order[i][0]] for i in kept])
        wrong = np.array([not per["correct"][i] for i in kept])
        both = wrong.any() and not wrong.all()
        relative[name] = [len(kept), float(np.median(ratios)), float(roc_auc_score(wrong, -ratios)) if both else None]
    return {
        "relative": relative,
        "micro": {ids[name]: float(np.nanmean(values)) for name, values in per.items()},
        "macro": {ids[name]: macro(values) for name, values in per.items()},
        "evaluated": len(rows),
        "unmatched": int(sum(np.isnan(per["hit1"][i]) for i in rows)),
        "confusion": [[classes[a], classes[b], int(matrix[a, b])] for a in range(len(classes))
                      for b in range(len(classes)) if matrix[a, b] > 0],
        "classes": {c: [int(sum(y[i] == c for i in rows)),
                        float(np.nanmean(per["map"][y == c])) if (~np.isnan(per["map"][y == c])).any() else None]
                    for c in classes},
        "class_margin_mean": float(np.mean(list(margins.values()))),
        "nearest": [int(order[i][0]) if i in order else -1 for i in range(n)],
        "verification": {"same": int(same_class.sum()), "other": int((~same_class).sum()), "auc": float(auc(fpr, tpr)),
                         "eer": float((fpr[at] + 1 - tpr[at]) / 2), "tar": tars},
    }


result = {}
for name, table in tables().items():
    x = np.array(table["vectors"], dtype=np.float32)
    y = np.array(table["labels"])
    n = len(y)
    for metric in ("euclidean", "cosine"):
        result[f"{name}/{metric}"] = evaluate(x, y, metric)
    # Rows four apart share a group; every tenth row is of none.
    groups = np.array([-1 if i % 10 == 0 else i // 4 for i in range(n)])
    result[f"{name}/groups"] = evaluate(x, y, "euclidean", groups=groups)
    queries = np.array([i % 3 == 0 for i in range(n)])
    result[f"{name}/gallery"] = evaluate(x, y, "euclidean", queries=queries)
    result[f"{name}/gallery and groups"] = evaluate(x, y, "euclidean", queries=queries, groups=groups)
json.dump(result, sys.stdout)
