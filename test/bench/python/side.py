"""One side of the benchmark: loads the vectors once, then works whenever a line on stdin asks it to.

side.py faiss|scikit-learn|numpy VECTORS.npy K
"""

import json
import platform
import resource
import sys
import time

import numpy as np

WARM_UP_ROWS = 4096


def peak_bytes():
    """Largest resident size so far; a child's `ru_maxrss` may be that of the process that started it."""
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    unit = 1 if platform.system() == "Darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def faiss_side(k):
    import faiss

    def run(vectors):
        index = faiss.IndexFlatL2(vectors.shape[1])
        index.add(vectors)
        _, found = index.search(vectors, k + 1)
        return found

    def neighbors(found, row):
        """Without the row itself, which is not always the first where others equal it."""
        others = [int(other) for other in found[row] if other != row]
        return others[:k]

    threads = faiss.omp_get_max_threads()
    return run, neighbors, f"faiss-cpu {faiss.__version__} ({threads} threads)"


def scikit_learn_side(k):
    import sklearn
    from sklearn.neighbors import NearestNeighbors

    def run(vectors):
        search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(vectors)
        _, found = search.kneighbors()
        return found

    def neighbors(found, row):
        return [int(other) for other in found[row]]

    return run, neighbors, f"scikit-learn {sklearn.__version__}"


def numpy_side(_):
    """Half of the rows times all rows: as many multiplications as every pair once."""
    from threadpoolctl import threadpool_info

    def run(vectors):
        rows = len(vectors)
        strip = max(1, 2**25 // rows)
        product = np.empty((strip, rows), np.float32)
        for start in range(0, rows // 2, strip):
            left = vectors[start : min(start + strip, rows // 2)]
            np.matmul(left, vectors.T, out=product[: len(left)])

    libraries = {
        f"{info['internal_api']} {info['version']} for {info.get('architecture')}"
        for info in threadpool_info()
        if info["user_api"] == "blas"
    }
    return run, None, f"numpy {np.__version__} ({', '.join(sorted(libraries))})"


def main():
    kind, file, k = sys.argv[1], sys.argv[2], int(sys.argv[3])
    sides = {"faiss": faiss_side, "scikit-learn": scikit_learn_side, "numpy": numpy_side}
    vectors = np.load(file)
    run, neighbors, version = sides[kind](k)
    run(vectors[:WARM_UP_ROWS])
    print(json.dumps({"version": version}), flush=True)
    found = None
    for line in sys.stdin:
        request = json.loads(line)
        answer = {}
        if request["do"] == "run":
            found = None
            start = time.perf_counter()
            found = run(vectors)
            answer["seconds"] = time.perf_counter() - start
            answer["peakBytes"] = peak_bytes()
        else:
            with open(request["file"], "w") as file:
                json.dump({"neighbors": [neighbors(found, row) for row in request["rows"]]}, file)
        print(json.dumps(answer), flush=True)


main()
