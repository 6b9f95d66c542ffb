"""Repeated cross-validation on scikit-learn's bundled data sets: our boosting against HistGradientBoosting and XGBoost, all with defaults.

Usage: /usr/bin/python3 accuracy.py <path of Mlops.Bench> [repeats]. Prints a Markdown table of mean loss ± standard error per fold."""
import os
import subprocess
import sys
import tempfile
os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import xgboost
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, StratifiedKFold
from make_data import synthetic, write

bench, repeats = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
small = synthetic(4000, 7)
friedman = datasets.make_friedman1(2000, noise=1.0, random_state=0)
sets = {
    "breast cancer": (*datasets.load_breast_cancer(return_X_y=True), 2),
    "iris": (*datasets.load_iris(return_X_y=True), 3),
    "wine": (*datasets.load_wine(return_X_y=True), 3),
    "diabetes": (*datasets.load_diabetes(return_X_y=True), 0),
    "synthetic 4,000": (*small, 2),
    "friedman1": (*friedman, 0),
    "digits": (*datasets.load_digits(return_X_y=True), 10),
}


def ours(x, y, xt, yt, classes):
    with tempfile.TemporaryDirectory() as d:
        write(d + "/a", x, y)
        write(d + "/b", xt, yt)
        subprocess.run([bench, "predict", d + "/a", d + "/b", str(classes), d + "/p"], check=True)
        return np.fromfile(d + "/p", "<f4").reshape(len(yt), -1).astype("f8")


def hgb(x, y, xt, yt, classes):
    return (HistGradientBoostingRegressor().fit(x, y).predict(xt)[:, None] if classes == 0
            else HistGradientBoostingClassifier().fit(x, y).predict_proba(xt))


def xgb(x, y, xt, yt, classes):
    return (xgboost.XGBRegressor(n_jobs=1).fit(x, y).predict(xt)[:, None] if classes == 0
            else xgboost.XGBClassifier(n_jobs=1).fit(x, y).predict_proba(xt)).astype("f8")


def loss(p, y, classes):
    if classes == 0:
        return float(np.sqrt(np.mean((p[:, 0] - y) ** 2)))
    p = np.clip(p, 1e-15, 1)
    return log_loss(y, p / p.sum(axis=1, keepdims=True), labels=list(range(classes)))


models = {"ours": ours, "HistGradientBoosting": hgb, "XGBoost": xgb}
ranks = {name: [] for name in models}
print("| data | loss | " + " | ".join(models) + " |\n|---|---|" + "---|" * len(models))
for name, (x, y, classes) in sets.items():
    x = np.asarray(x, dtype="f4")
    folds = {m: [] for m in models}
    for repeat in range(repeats):
        split = (StratifiedKFold if classes else KFold)(5, shuffle=True, random_state=repeat)
        for a, b in split.split(x, y):
            for m, fit in models.items():
                folds[m].append(loss(fit(x[a], y[a], x[b], y[b], classes), y[b], classes))
    means = {m: np.mean(v) for m, v in folds.items()}
    for rank, m in enumerate(sorted(means, key=means.get)):
        ranks[m].append(rank + 1)
    cells = [f"{means[m]:.4f} ± {np.std(v, ddof=1) / np.sqrt(len(v)):.4f}" for m, v in folds.items()]
    print(f"| {name} | {'RMSE' if classes == 0 else 'log loss'} | " + " | ".join(cells) + " |", flush=True)
print("| mean rank | | " + " | ".join(f"{np.mean(ranks[m]):.2f}" for m in models) + " |")
