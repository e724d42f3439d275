"""Expected values of the statistics, by numpy, scipy and scikit-learn."""
import json, sys
import numpy as np
from scipy.stats import binomtest, bootstrap, median_abs_deviation, norm, quantile_test, skew, t
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(5)
result = {"wilson": [], "auc": [], "samples": [], "means": [], "medians": []}


def delong(scores, errors):
    """By its definition: each pair of an error and a right row is looked at."""
    wins = (scores[errors][:, None] < scores[~errors]) + 0.5 * (scores[errors][:, None] == scores[~errors])
    m, n = wins.shape
    area = wins.mean()
    error = np.sqrt(wins.mean(1).var(ddof=1) / m + wins.mean(0).var(ddof=1) / n)
    logit, half = np.log(area / (1 - area)), norm.ppf(0.975) * error / (area * (1 - area))
    return [1 / (1 + np.exp(half - logit)), 1 / (1 + np.exp(-half - logit))]


for k, n in [(0, 10), (10, 10), (1, 3), (838, 899), (1020, 1906), (3, 100000)]:
    ci = binomtest(k, n).proportion_ci(0.95, method="wilson")
    result["wilson"].append({"successes": k, "trials": n, "interval": [ci.low, ci.high]})
for n in (5, 40, 300):
    scores = np.round(rng.normal(size=n), 1)  # ties
    errors = rng.random(n) < 0.3
    errors[0], errors[1] = True, False
    result["auc"].append({"scores": scores.tolist(), "errors": errors.astype(int).tolist(), "auc": roc_auc_score(errors, -scores), "interval": delong(scores, errors) if errors.sum() > 1 else None})
for n in (1, 2, 7, 100):
    x = np.round(rng.exponential(size=n), 3)
    s = np.sort(x)
    gini = float(np.abs(x[:, None] - x[None, :]).sum() / (2 * n * n * x.mean())) if x.mean() > 0 else 0.0
    result["samples"].append({
        "values": x.tolist(), "mean": x.mean(), "median": float(np.median(x)), "q10": float(np.quantile(x, 0.1)),
        "mad": float(median_abs_deviation(x) * 1.4826), "gini": gini,
        "skewness": float(skew(x)) if n > 1 else None,
    })
# Means whose bootstrap is skewed to either side, or hardly; medians of few and of many.
for name, x in {
    "exponential": rng.exponential(size=60),
    "near one": 1 - rng.beta(0.15, 4, size=400),
    "reciprocal ranks": 1 / rng.geometric(0.8, size=250),
    "normal": rng.normal(3, 2, size=500),
}.items():
    x = np.round(x, 3)
    drawn = bootstrap((x,), np.mean, n_resamples=100_000, method="BCa", rng=np.random.default_rng(1))
    result["means"].append({"name": name, "values": x.tolist(), "interval": list(drawn.confidence_interval)})
for n in (5, 6, 9, 30, 101):
    x = np.round(rng.exponential(size=n), 3)
    held = quantile_test(x, p=0.5).confidence_interval(0.95)
    result["medians"].append({"values": x.tolist(), "interval": None if np.isnan(held.low) else [held.low, held.high]})
result["t"] = [{"freedom": f, "critical": float(t.ppf(0.975, f))} for f in (1, 2, 5, 9, 30, 1000, 100_000)]
# Values of clusters that share something, and what redrawing whole clusters says of mean, share and AUC.
rng = np.random.default_rng(6)
result["clustered"] = []


def redrawn(cluster, statistic):
    """BCa bootstrap over clusters."""
    rows = [np.flatnonzero(cluster == c) for c in np.unique(cluster)]

    def of(drawn):
        return statistic(np.concatenate([rows[c] for c in drawn]))

    drawn = bootstrap((np.arange(len(rows)),), lambda i: of(i), n_resamples=20_000, method="BCa", vectorized=False, rng=np.random.default_rng(1))
    return list(drawn.confidence_interval)


for clusters in (60, 250):
    cluster = np.repeat(np.arange(clusters), rng.integers(1, 12, size=clusters))
    own = rng.normal(size=clusters)[cluster]
    order = rng.permutation(len(cluster))
    cluster, own = cluster[order], own[order]
    score = np.round(np.exp(own + 0.5 * rng.normal(size=len(cluster))), 2)
    right = own + 0.7 * rng.normal(size=len(cluster)) > -0.8
    result["clustered"].append({
        "clusters": cluster.tolist(), "scores": score.tolist(), "right": right.astype(int).tolist(),
        "mean": redrawn(cluster, lambda i: score[i].mean()),
        "share": redrawn(cluster, lambda i: right[i].mean()),
        "auc": redrawn(cluster, lambda i: roc_auc_score(~right[i], -score[i])),
        "median": redrawn(cluster, lambda i: np.median(score[i])),
    })
json.dump(result, sys.stdout, indent=1)
print()
