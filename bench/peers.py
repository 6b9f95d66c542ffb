"""Runs one peer on the benchmark files. Usage: peers.py <hgb|xgb|forest> <train> <test> <threads>"""
import os
import sys
import time
threads = int(sys.argv[4])
os.environ["OMP_NUM_THREADS"] = str(threads)
import numpy as np
from sklearn.metrics import roc_auc_score


def read(path):
    with open(path, "rb") as f:
        rows, columns = np.fromfile(f, "<i4", 2)
        np.fromfile(f, "<i4", columns)
        x = np.fromfile(f, "<f4", rows * columns).reshape(columns, rows).T
        return x, np.fromfile(f, "<f4", rows)


x, y = read(sys.argv[2])
xt, yt = read(sys.argv[3])
name = sys.argv[1]
if name == "hgb":
    from sklearn.ensemble import HistGradientBoostingClassifier
    model = HistGradientBoostingClassifier(max_iter=100, max_leaf_nodes=31, max_bins=255, early_stopping=False)
elif name == "xgb":
    import xgboost
    model = xgboost.XGBClassifier(n_estimators=100, max_leaves=31, max_depth=0, grow_policy="lossguide", tree_method="hist",
                                  learning_rate=0.1, max_bin=255, n_jobs=threads)
else:
    from sklearn.ensemble import RandomForestClassifier
    model = RandomForestClassifier(n_estimators=100, n_jobs=threads)
start, cpu = time.perf_counter(), time.process_time()
model.fit(x, y)
fit, cpu = time.perf_counter() - start, time.process_time() - cpu
start = time.perf_counter()
p = model.predict_proba(xt)[:, 1]
print(f"{name} threads={threads} fit={fit:.3f}s cpu={cpu:.3f}s predict={time.perf_counter() - start:.3f}s auc={roc_auc_score(yt, p):.5f}")
