"""Runs one peer on the benchmark files, fit and prediction. Usage: peers.py <hgb|xgb|lgbm|forest> <train> <test> <threads>

Prints wall and processor time of the fit, the peak memory above the loaded data while fitting, and rows per second of a prediction. lgbm needs LightGBM to be importable."""
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


def memory(name):
    """VmRSS or VmHWM of this process in MB."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in status if line.startswith(name))


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
elif name == "lgbm":
    import lightgbm
    model = lightgbm.LGBMClassifier(n_estimators=100, num_leaves=31, learning_rate=0.1, max_bin=255, n_jobs=threads, verbose=-1)
else:
    from sklearn.ensemble import RandomForestClassifier
    model = RandomForestClassifier(n_estimators=100, n_jobs=threads)
with open("/proc/self/clear_refs", "w") as forget:
    forget.write("5")
loaded = memory("VmRSS")
start, cpu = time.perf_counter(), time.process_time()
model.fit(x, y)
fit, cpu = time.perf_counter() - start, time.process_time() - cpu
peak = memory("VmHWM") - loaded
start, predicting = time.perf_counter(), time.process_time()
p = model.predict_proba(xt)[:, 1]
rate = len(yt) / (time.process_time() - predicting)
print(f"{name} threads={threads} fit={fit:.3f}s cpu={cpu:.3f}s peak={peak:.1f}MB predict={rate:.0f} rows/s of CPU time auc={roc_auc_score(yt, p):.5f}")
