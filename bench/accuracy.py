"""Repeated cross-validation (5 folds, 2 repeats) of our learners and their peers, all with their defaults, all on the same splits.

"ours" is what a training without configuration does: candidates ranked by cross-validation within the training rows. "our boosting" is boosting with its defaults.

Usage: /usr/bin/python3 accuracy.py <path of Mlops.Bench> <folder of r_sets.R> <folder of vega-datasets' data> [names of sets …]
Prints a Markdown table. Of sets with more than 3,000 rows a seeded part of 3,000 is used; sets with more than 12 classes are left out. LightGBM takes part when it can be imported."""
import concurrent.futures
import csv
import json
import os
import subprocess
import sys
import tempfile
import warnings
os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
import xgboost
from sklearn import datasets
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestClassifier, RandomForestRegressor
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, StratifiedKFold
from make_data import synthetic, write
try:
    import lightgbm
except ImportError:
    lightgbm = None
warnings.filterwarnings("ignore")
ROWS, FOLDS, REPEATS, CLASSES = 3_000, 5, 2, 12
OURS = {"ours": "chosen", "our boosting": "boosting"}


def bundled():
    """scikit-learn's sets and the synthetic ones: name, features, answers, classes (0: regression), cardinalities (0: a number)."""
    yield "breast cancer", *datasets.load_breast_cancer(return_X_y=True), 2
    yield "iris", *datasets.load_iris(return_X_y=True), 3
    yield "wine", *datasets.load_wine(return_X_y=True), 3
    yield "diabetes", *datasets.load_diabetes(return_X_y=True), 0
    yield "digits", *datasets.load_digits(return_X_y=True), 10
    yield "friedman1", *datasets.make_friedman1(2000, noise=1.0, random_state=0), 0
    yield "synthetic 4,000", *synthetic(4000, 7), 2


def from_r(folder):
    with open(folder + "/index.csv") as index:
        for name, classes, cardinalities in csv.reader(index):
            table = np.genfromtxt(f"{folder}/{name}.csv", delimiter=",", dtype="f8")
            yield name, table[:, :-1], table[:, -1], int(classes), [int(c) for c in cardinalities.split()]


def from_vega(folder):
    def rows_of(name):
        with open(f"{folder}/{name}") as file:
            return json.load(file) if name.endswith("json") else list(csv.DictReader(file))

    def number(value):
        try:
            return np.nan if value in (None, "") else float(value)
        except ValueError:
            return None

    for file, target, left_out in [("cars.json", "Miles_per_Gallon", ["Name", "Year"]), ("seattle-weather.csv", "weather", ["date"]),
                                   ("movies.json", "IMDB Rating", ["Title", "Release Date", "Director"])]:
        rows = [r for r in rows_of(file) if r.get(target) not in (None, "")]
        columns, cardinalities = [], []
        for key in [k for k in rows[0] if k not in [target, *left_out]] + [target]:
            values = [number(r.get(key)) for r in rows]
            known = sorted({str(r.get(key)) for r in rows if r.get(key) is not None})
            numeric = None not in values
            columns.append(values if numeric else [np.nan if r.get(key) is None else known.index(str(r.get(key))) for r in rows])
            cardinalities.append(0 if numeric else len(known))
        table = np.array(columns, dtype="f8").T
        yield file.split(".")[0], table[:, :-1], table[:, -1], cardinalities[-1], cardinalities[:-1]


class Ours:
    def __init__(self, bench, how):
        self.how = how
        self.process = subprocess.Popen([bench, "predict"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, x, y, xt, yt, classes, cardinalities):
        with tempfile.TemporaryDirectory() as d:
            write(d + "/a", x, y, cardinalities)
            write(d + "/b", xt, yt, cardinalities)
            self.process.stdin.write(f"{self.how} {d}/a {d}/b {classes} {d}/p\n")
            self.process.stdin.flush()
            assert self.process.stdout.readline() == "done\n"
            return np.fromfile(d + "/p", "<f4").reshape(len(yt), -1).astype("f8")


def predictions(model, x, y, xt, classes, **fit):
    model.fit(x, y, **fit)
    return (model.predict(xt)[:, None] if classes == 0 else model.predict_proba(xt)).astype("f8")


def hgb(x, y, xt, yt, classes, cardinalities):
    # At most 255 categories are allowed; more count as numbers.
    mask = [0 < c <= 255 for c in cardinalities]
    model = HistGradientBoostingRegressor if classes == 0 else HistGradientBoostingClassifier
    return predictions(model(categorical_features=mask), x, y, xt, classes)


def xgb(x, y, xt, yt, classes, cardinalities):
    model = xgboost.XGBRegressor if classes == 0 else xgboost.XGBClassifier
    if not any(cardinalities):
        return predictions(model(n_jobs=1), x, y, xt, classes)
    kinds = ["c" if c else "float" for c in cardinalities]
    return predictions(model(n_jobs=1, tree_method="hist", enable_categorical=True, feature_types=kinds), x, y, xt, classes)


def forest(x, y, xt, yt, classes, cardinalities):
    model = RandomForestRegressor if classes == 0 else RandomForestClassifier
    return predictions(model(random_state=0), np.nan_to_num(x, nan=-9999), y, np.nan_to_num(xt, nan=-9999), classes)


def lgbm(x, y, xt, yt, classes, cardinalities):
    model = lightgbm.LGBMRegressor if classes == 0 else lightgbm.LGBMClassifier
    return predictions(model(n_jobs=1, verbose=-1), x, y, xt, classes, categorical_feature=[j for j, c in enumerate(cardinalities) if c])


def loss(p, y, classes):
    if classes == 0:
        return float(np.sqrt(np.mean((p[:, 0] - y) ** 2)))
    p = np.clip(p, 1e-15, 1)
    return log_loss(y, p / p.sum(axis=1, keepdims=True), labels=list(range(classes)))


def measure(models, x, y, classes, cardinalities):
    """Per model the losses of all folds. A class too rare for every fold is left out for all."""
    if classes:
        y = y.astype(int)
        enough = np.bincount(y, minlength=classes) >= 2 * FOLDS
        x, y = x[enough[y]], np.cumsum(enough)[y[enough[y]]] - 1
        classes = int(enough.sum())
    if len(y) > ROWS:
        part = np.random.default_rng(0).choice(len(y), ROWS, replace=False)
        x, y = x[part], y[part]
        if classes:
            enough = np.bincount(y, minlength=classes) >= FOLDS
            x, y = x[enough[y]], np.cumsum(enough)[y[enough[y]]] - 1
            classes = int(enough.sum())
    losses = {m: [] for m in models}
    for repeat in range(REPEATS):
        split = (StratifiedKFold if classes else KFold)(FOLDS, shuffle=True, random_state=repeat)
        for a, b in split.split(x, y):
            for m, fit in models.items():
                losses[m].append(loss(fit(x[a], y[a], x[b], y[b], classes, cardinalities), y[b], classes))
    return losses


def run(job):
    """One set in a process of its own: its row of losses."""
    bench, name, x, y, classes, cardinalities = job
    models = {**{m: Ours(bench, how) for m, how in OURS.items()}, "HistGradientBoosting": hgb, "XGBoost": xgb, "RandomForest": forest}
    if lightgbm is not None:
        models["LightGBM"] = lgbm
    losses = measure(models, np.asarray(x, dtype="f4"), np.asarray(y), classes, cardinalities)
    for model in models.values():
        if isinstance(model, Ours):
            model.process.communicate()  # Closes its input, which ends it.
    return name, classes, losses


def main(bench, r, vega, *only):
    jobs = []
    for source in (bundled(), from_r(r), from_vega(vega)):
        for name, x, y, classes, *cardinalities in source:
            if classes <= CLASSES and (not only or name in only):
                jobs.append((bench, name, x, y, classes, cardinalities[0] if cardinalities else [0] * x.shape[1]))
    ranks, within = {}, {}
    with concurrent.futures.ProcessPoolExecutor() as pool:
        for n, (name, classes, losses) in enumerate(pool.map(run, jobs)):
            means = {m: np.mean(v) for m, v in losses.items()}
            peers = [m for m in means if m not in OURS]
            if n == 0:
                print("| data | loss | " + " | ".join(means) + " | SE of the best peer | within, each of ours |\n|---|---|" + "---|" * (len(means) + 2), flush=True)
            best = min(peers, key=means.get)
            error = np.std(losses[best], ddof=1) / np.sqrt(len(losses[best]))
            for ours in OURS:
                for rank, m in enumerate(sorted([ours, *peers], key=means.get)):
                    ranks.setdefault((ours, m), []).append(rank + 1)
                within.setdefault(ours, []).append(means[ours] <= means[best] + error)
            cells = [f"**{v:.4g}**" if v == min(means.values()) else f"{v:.4g}" for v in means.values()]
            print(f"| {name} | {'log loss' if classes else 'RMSE'} | " + " | ".join(cells) + f" | {error:.2g} | {', '.join('yes' if w[-1] else 'no' for w in within.values())} |", flush=True)
    for ours in OURS:
        print(f"mean rank with {ours}: " + ", ".join(f"{m} {np.mean(r):.2f}" for (of, m), r in ranks.items() if of == ours) + f"; within {sum(within[ours])} of {len(within[ours])}")


if __name__ == "__main__":
    main(*sys.argv[1:])
