"""Expected values of compressed vectors: PCA by scikit-learn, the rest by numpy; figures from a full sort."""
import json, sys
from pathlib import Path
import numpy as np
from sklearn.decomposition import PCA

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def figures(z, labels):
    z = z.astype(np.float64)
    apart = ((z**2).sum(1)[:, None] + (z**2).sum(1)[None, :] - 2 * z @ z.T).round(9)
    np.fill_diagonal(apart, np.inf)
    same = labels[np.argsort(apart, axis=1, kind="stable")] == labels[:, None]
    hit1, hit10, precision = [], [], []
    for row in range(len(z)):
        mates = (labels == labels[row]).sum() - 1
        if mates == 0:
            continue
        near = same[row, :mates]
        hit1.append(same[row, 0])
        hit10.append(same[row, :10].any())
        precision.append((near * np.cumsum(near) / np.arange(1, mates + 1)).sum() / mates)
    return [float(np.mean(hit1)), float(np.mean(hit10)), float(np.mean(precision))]


result = {}
for name in ["digits/pca-8", "digits/nca-32"]:
    data = np.load(SAMPLES / f"{name}.npz")
    labels = data["labels"].astype(str)
    for metric in ["euclidean", "cosine"]:
        x = data["embeddings"].astype(np.float64)
        if metric == "cosine":
            x /= np.linalg.norm(x, axis=1, keepdims=True)
        dimensions = x.shape[1]
        sizes = [s for s in (16, 8, 4, 2) if s < dimensions]
        case = {"full": figures(x, labels)}
        for size in sizes:
            case[f"pca-{size}"] = figures(PCA(size, svd_solver="full").fit_transform(x), labels)
            cut = x[:, :size]
            case[f"leading-{size}"] = figures(cut / np.linalg.norm(cut, axis=1, keepdims=True) if metric == "cosine" else cut, labels)
        low, step = x.min(0), (x.max(0) - x.min(0)) / 255
        case["int8"] = figures(low + step * np.floor((x - low) / step + 0.5), labels)
        case["binary"] = figures(np.where(x > x.mean(0), 1.0, -1.0), labels)
        result[f"{name} {metric}"] = case
json.dump(result, sys.stdout)
print()
