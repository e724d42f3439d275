"""Expected values of compressed vectors: PCA by scikit-learn, the rest by numpy; figures from a full sort."""
import json, sys
from pathlib import Path
import numpy as np
from sklearn.decomposition import PCA

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def figures(z, labels, hidden=None):
    z = z.astype(np.float64)
    apart = ((z**2).sum(1)[:, None] + (z**2).sum(1)[None, :] - 2 * z @ z.T).round(9)
    hidden = np.eye(len(z), dtype=bool) if hidden is None else hidden
    apart[hidden] = np.inf
    same = labels[np.argsort(apart, axis=1, kind="stable")] == labels[:, None]
    hit1, hit10, precision = [], [], []
    for row in range(len(z)):
        mates = ((labels == labels[row]) & ~hidden[row]).sum()
        if mates == 0 or hidden[row].all():
            continue
        near = same[row, :mates]
        hit1.append(same[row, 0])
        hit10.append(same[row, :10].any())
        precision.append((near * np.cumsum(near) / np.arange(1, mates + 1)).sum() / mates)
    return [float(np.mean(hit1)), float(np.mean(hit10)), float(np.mean(precision))]


def hide(rows, how):
    """Of each row, which rows it may not find; all of them where it isn't asked."""
    place = np.arange(rows)
    hidden = place[:, None] == place
    if "groups" in how:
        # Every seventh row is of no group.
        group = np.where(place % 7 == 0, -1, place // 4)
        hidden |= (group[:, None] == group) & (group[:, None] >= 0)
    if "gallery" in how:
        asks = place % 3 == 0
        hidden |= asks[None, :] | ~asks[:, None]
    return hidden


result = {}
for name, how in [("digits/pca-8", ""), ("digits/nca-32", ""), ("digits/pca-8", "gallery"), ("digits/pca-8", "groups"), ("digits/pca-8", "gallery+groups")]:
    data = np.load(SAMPLES / f"{name}.npz")
    labels = data["labels"].astype(str)
    for metric in ["euclidean", "cosine"]:
        x = data["embeddings"].astype(np.float64)
        if metric == "cosine":
            x /= np.linalg.norm(x, axis=1, keepdims=True)
        dimensions = x.shape[1]
        figures_of = lambda z: figures(z, labels, hide(len(x), how))
        sizes = [s for s in (16, 8, 4, 2) if s < dimensions]
        case = {"full": figures_of(x)}
        for size in sizes:
            case[f"pca-{size}"] = figures_of(PCA(size, svd_solver="full").fit_transform(x))
            cut = x[:, :size]
            case[f"leading-{size}"] = figures_of(cut / np.linalg.norm(cut, axis=1, keepdims=True) if metric == "cosine" else cut)
        low, step = x.min(0), (x.max(0) - x.min(0)) / 255
        case["int8"] = figures_of(low + step * np.floor((x - low) / step + 0.5))
        case["binary"] = figures_of(np.where(x > x.mean(0), 1.0, -1.0))
        result[f"{name} {metric} {how}".strip()] = case
json.dump(result, sys.stdout)
print()
