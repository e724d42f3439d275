"""Expected values of the statistics, by numpy, scipy and scikit-learn."""
import json, sys
import numpy as np
from scipy.stats import binomtest, median_abs_deviation, skew
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(5)
result = {"wilson": [], "auc": [], "samples": []}
for k, n in [(0, 10), (10, 10), (1, 3), (838, 899), (1020, 1906), (3, 100000)]:
    ci = binomtest(k, n).proportion_ci(0.95, method="wilson")
    result["wilson"].append({"successes": k, "trials": n, "interval": [ci.low, ci.high]})
for n in (5, 40, 300):
    scores = np.round(rng.normal(size=n), 1)  # ties
    errors = rng.random(n) < 0.3
    errors[0], errors[1] = True, False
    result["auc"].append({"scores": scores.tolist(), "errors": errors.astype(int).tolist(), "auc": roc_auc_score(errors, -scores)})
for n in (1, 2, 7, 100):
    x = np.round(rng.exponential(size=n), 3)
    s = np.sort(x)
    gini = float(np.abs(x[:, None] - x[None, :]).sum() / (2 * n * n * x.mean())) if x.mean() > 0 else 0.0
    result["samples"].append({
        "values": x.tolist(), "mean": x.mean(), "median": float(np.median(x)), "q10": float(np.quantile(x, 0.1)),
        "mad": float(median_abs_deviation(x) * 1.4826), "gini": gini,
        "skewness": float(skew(x)) if n > 1 else None,
    })
json.dump(result, sys.stdout, indent=1)
print()
