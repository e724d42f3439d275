"""Expected values of the space's shape: hubs, spectrum, lengths and intrinsic dimension, by numpy, scipy and scikit-learn."""
import json, sys
from pathlib import Path
import numpy as np
from scipy.stats import median_abs_deviation, skew
from sklearn.datasets import load_iris, load_wine
from sklearn.metrics import silhouette_score

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def hand_made():
    """Points on a curved sheet of two dimensions and in a cloud of four, turned in a space of six."""
    rng = np.random.default_rng(7)
    turn = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    u = rng.random((400, 2))
    sheet = np.column_stack([u, np.sin(2 * u[:, 0]), u[:, 0] * u[:, 1], np.zeros((400, 2))]) @ turn
    cloud = np.column_stack([rng.normal(size=(400, 4)), np.zeros((400, 2))]) @ turn
    return {"sheet": sheet, "cloud": cloud}


def wide():
    """More dimensions than the rows can fill, one of them the same in all."""
    i, d = np.meshgrid(np.arange(60), np.arange(90), indexing="ij")
    x = np.sin((i + 1) * (d + 1) * 0.7) * (d % 7 + 1)
    x[7] *= 40
    x[:, 4] = 3.25
    return x


def two_nearest(r):
    mu = np.log(r[:, 1] / r[:, 0])
    mu.sort()
    n = len(mu)
    kept = int(n * 0.9)
    x, y = mu[:kept], -np.log(1 - np.arange(1, kept + 1) / n)
    return float(np.linalg.lstsq(x[:, None], y, rcond=None)[0][0])


def likelihood(r):
    return float(1 / np.mean([np.mean([np.log(row[-1] / near) for near in row[:-1]]) for row in r]))


def distances(x):
    """In four partial sums, as nearmiss adds them: on iris the last digit decides which of two rows is tenth."""
    part = [np.zeros((len(x), len(x))) for _ in range(4)]
    whole = x.shape[1] // 4 * 4
    for d in range(x.shape[1]):
        part[d % 4 if d < whole else 0] += (x[:, None, d] - x[None, :, d]) ** 2
    return np.sqrt(part[0] + part[1] + (part[2] + part[3]))


def measure(x, labels, metric):
    x = x.astype(np.float32).astype(np.float64)
    n = len(x)
    unit = x / np.linalg.norm(x, axis=1, keepdims=True)
    apart = distances(x) if metric == "euclidean" else distances(unit) ** 2 / 2
    np.fill_diagonal(apart, np.inf)
    near = np.argsort(apart, axis=1, kind="stable")[:, :10]  # ties to the lower row
    apart = np.take_along_axis(apart, near, axis=1)
    count = np.bincount(near.ravel(), minlength=n)
    share = np.linalg.eigvalsh(np.cov((x if metric == "euclidean" else unit).T))
    share = share[share > 0] / share[share > 0].sum()
    norm = np.linalg.norm(x, axis=1)
    off = np.abs(norm - np.median(norm))
    variance = x.var(axis=0)
    r = apart if metric == "euclidean" else np.sqrt(2 * apart)
    result = {
        "rows": n,
        "effective_rank": float(np.exp(-(share * np.log(share)).sum())),
        "collapsed": np.flatnonzero(variance < 1e-6 * variance.mean()).tolist(),
        "norm_outlier_share": float(((off > 0.01 * np.median(norm)) & (off > 3.5 * 1.4826 * median_abs_deviation(norm))).mean()),
        "intrinsic_dimension": two_nearest(r[r[:, 0] > 0]),
        "intrinsic_dimension_k10": likelihood(r[r[:, 0] > 0]),
        "hubness_skewness_k10": float(skew(count)),
        "robin_hood_k10": float(np.abs(count - count.mean()).sum() / 2 / count.sum()),
        "anti_hub_share_k10": float((count == 0).mean()),
        "hub_share_k10": float((count >= 20).mean()),
        "places": float(count[count >= 20].sum() / count.sum()),
        "most": int(count.max()),
    }
    if labels is not None:
        result["silhouette"] = float(silhouette_score(x, labels, metric=metric))
    return result


def rounded(x):
    return np.round(x, 4).tolist()


result = {}
for name in ["digits/pca-8", "digits/nca-32"]:
    data = np.load(SAMPLES / f"{name}.npz")
    for metric in ["euclidean", "cosine"]:
        result[f"{name} {metric}"] = measure(data["embeddings"], data["labels"], metric)
for name, table in [("iris", load_iris()), ("wine", load_wine())]:
    result[name] = {**measure(table.data, table.target, "euclidean"), "vectors": rounded(table.data), "labels": table.target.tolist()}
for name, x in {**hand_made(), "wide": wide()}.items():
    result[name] = {**measure(np.array(rounded(x)), None, "euclidean"), "vectors": rounded(x)}
json.dump(result, sys.stdout)
print()
