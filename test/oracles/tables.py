"""Tables of scikit-learn as float32 vectors and labels: iris (duplicate rows, exact ties), wine, breast-cancer
(two classes, wild scales), and subsets of digits and wine with uneven classes and classes of one row."""
import json, sys
import numpy as np
from sklearn.datasets import load_breast_cancer, load_iris, load_wine


def table(x, y, names=None):
    x = np.asarray(x, dtype=np.float32)
    # The shortest decimal that is the same float32.
    return {"vectors": [[float(str(v)) for v in row] for row in x], "labels": [str(v) for v in y]}


def tables():
    iris, wine, cancer = load_iris(), load_wine(), load_breast_cancer()
    result = {
        "iris": table(iris.data, iris.target),
        "wine": table(wine.data, wine.target),
        "breast-cancer": table(cancer.data, cancer.target),
    }
    # 59, 20 and 4 rows, and two classes of one.
    order = np.concatenate([np.flatnonzero(wine.target == 0), np.flatnonzero(wine.target == 1)[:20],
                            np.flatnonzero(wine.target == 2)[:6]])
    labels = wine.target[order].astype(str).astype(object)
    labels[-2:] = ["alone", "single"]
    result["wine-uneven"] = table(wine.data[order], labels)
    return result


if __name__ == "__main__":
    json.dump(tables(), sys.stdout)
