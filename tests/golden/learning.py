"""Writes learning.json: linear models and out-of-bag scores of scikit-learn. Run: /usr/bin/python3 learning.py > learning.json"""
import json
import sys
import numpy as np
import sklearn
from sklearn.datasets import load_breast_cancer, load_diabetes, load_iris
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge
from sklearn.preprocessing import StandardScaler

x, y = load_diabetes(return_X_y=True, scaled=False)
x, y = x[:120].astype("f4").astype("f8"), y[:120]
weights = 0.5 + np.arange(len(y)) % 3
iris, species = load_iris(return_X_y=True)
iris = iris.astype("f4").astype("f8")
cases = []


def scaled(x, weights=None):
    """Weighted standard scaling, as our trainers do inside."""
    return StandardScaler().fit(x, sample_weight=weights)


def linear(name, make, strength, ratio, weights=None):
    s = scaled(x, weights)
    m = make.fit(s.transform(x), y, sample_weight=weights)
    cases.append({"name": name, "data": "diabetes", "strength": strength, "ratio": ratio, "weighted": weights is not None,
                  "coefficients": [(m.coef_ / s.scale_).tolist()], "intercepts": [float(m.intercept_ - (m.coef_ / s.scale_ * s.mean_).sum())]})


def logistic(name, target, strength, ratio=0.0, weights=None):
    s = scaled(iris, weights)
    total = len(target) if weights is None else weights.sum()
    options = {"penalty": "l2", "solver": "newton-cg"} if ratio == 0 else {"penalty": "elasticnet", "solver": "saga", "l1_ratio": ratio}
    m = LogisticRegression(C=1 / (strength * total), tol=1e-12, max_iter=100000, **options).fit(s.transform(iris), target, sample_weight=weights)
    coefficients = m.coef_ / s.scale_
    intercepts = m.intercept_ - (coefficients * s.mean_).sum(axis=1)
    if len(intercepts) > 1:
        intercepts = intercepts - intercepts.mean()
    cases.append({"name": name, "data": "iris", "strength": strength, "ratio": ratio, "weighted": weights is not None,
                  "coefficients": coefficients.tolist(), "intercepts": intercepts.tolist()})


n = len(y)
linear("ridge", Ridge(alpha=0.1 * n), 0.1, 0)
linear("ridge, weighted", Ridge(alpha=0.1 * weights.sum()), 0.1, 0, weights)
linear("lasso", Lasso(alpha=2.0, tol=1e-14, max_iter=10**6), 2.0, 1)
linear("elastic net", ElasticNet(alpha=1.0, l1_ratio=0.4, tol=1e-14, max_iter=10**6), 1.0, 0.4)
linear("elastic net, weighted", ElasticNet(alpha=1.0, l1_ratio=0.4, tol=1e-14, max_iter=10**6), 1.0, 0.4, weights)
logistic("logistic", (species == 2).astype(int), 0.01)
logistic("logistic, weighted", (species == 2).astype(int), 0.01, weights=0.5 + np.arange(150) % 3)
logistic("logistic, L1", (species == 2).astype(int), 0.02, 1.0)
logistic("multinomial", species, 0.01)
logistic("multinomial, elastic net", species, 0.01, 0.5)

cancer, malignant = load_breast_cancer(return_X_y=True)
diabetes, progress = load_diabetes(return_X_y=True, scaled=False)
oob = {
    # Mean over seeds, and their spread: another generator draws other bootstraps.
    "breast cancer": [RandomForestClassifier(300, oob_score=True, random_state=s, n_jobs=2).fit(cancer.astype("f4"), malignant).oob_score_ for s in range(5)],
    "diabetes": [RandomForestRegressor(300, oob_score=True, max_features=1 / 3, random_state=s, n_jobs=2).fit(diabetes.astype("f4"), progress).oob_score_ for s in range(5)],
}
json.dump({
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "python": sys.version.split()[0]},
    "diabetes": {"x": x.T.tolist(), "y": y.tolist()},
    "iris": {"x": iris.T.tolist(), "y": species.tolist()},
    "linear": cases,
    "oob": {name: {"mean": float(np.mean(v)), "min": min(v), "max": max(v)} for name, v in oob.items()},
    "breast cancer": {"x": cancer.astype("f4").T.tolist(), "y": malignant.tolist()},
    "diabetes, whole": {"x": diabetes.astype("f4").T.tolist(), "y": progress.tolist()},
}, sys.stdout)
