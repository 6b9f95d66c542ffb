"""Golden values of Mlops.Core.Evaluation from scikit-learn. Writes evaluation.json beside itself.

Run with /usr/bin/python3 (Debian packages python3-sklearn, python3-scipy); versions are in the file.
"""
import json
import pathlib

import numpy as np
import scipy
import sklearn
from sklearn import calibration, isotonic, linear_model, metrics


def rounded(values):
    return [round(float(v), 6) for v in np.asarray(values, dtype=np.float64).ravel()]


def classification(name, seed, rows, classes, ties):
    rng = np.random.default_rng(seed)
    y = rng.choice(classes, size=rows, p=rng.dirichlet(np.full(classes, 2.0)))
    score = rng.normal(size=(rows, classes)) + 1.2 * np.eye(classes)[y]
    p = np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)
    if ties:
        p = np.round(p * 8) / 8 + 0.05
        p /= p.sum(axis=1, keepdims=True)
    p = np.array(rounded(p)).reshape(rows, classes)
    best = p.argmax(axis=1)
    onehot = np.eye(classes)[y]
    present = sorted(set(y.tolist()))
    expected = {
        "logLoss": metrics.log_loss(y, p, eps=1e-15, labels=range(classes)),
        "accuracy": metrics.accuracy_score(y, best),
        "balancedAccuracy": metrics.balanced_accuracy_score(y, best),
        "f1Macro": metrics.f1_score(y, best, average="macro"),
        "f1Weighted": metrics.f1_score(y, best, average="weighted"),
        "mcc": metrics.matthews_corrcoef(y, best),
    }
    if classes == 2:
        expected |= {
            "rocAuc": metrics.roc_auc_score(y, p[:, 1]),
            "prAuc": metrics.average_precision_score(y, p[:, 1]),
            "f1": metrics.f1_score(y, best),
            "brier": metrics.brier_score_loss(y, p[:, 1]),
        }
    else:
        expected |= {
            "rocAuc": np.mean([metrics.roc_auc_score(y == c, p[:, c]) for c in present]),
            "prAuc": np.mean([metrics.average_precision_score(y == c, p[:, c]) for c in present]),
            "brier": ((p - onehot) ** 2).sum(axis=1).mean(),
        }
    case = {
        "name": name, "classes": classes, "y": y.tolist(), "scores": p.ravel().tolist(),
        "confusion": metrics.confusion_matrix(y, best, labels=range(classes)).ravel().tolist(),
        "expected": {k: float(v) for k, v in expected.items()},
    }
    if classes == 2:
        share, mean = calibration.calibration_curve(y, p[:, 1], n_bins=10, strategy="uniform")
        case["calibration"] = {"share": share.tolist(), "mean": mean.tolist()}
    return case


def regression(name, seed, rows):
    rng = np.random.default_rng(seed)
    y = np.array(rounded(rng.gamma(2.0, 50.0, size=rows) + 1))
    p = np.array(rounded(y * rng.normal(1, 0.2, size=rows) + rng.normal(0, 5, size=rows)))
    return {
        "name": name, "y": y.tolist(), "scores": p.tolist(),
        "expected": {
            "rmse": float(np.sqrt(metrics.mean_squared_error(y, p))),
            "mae": float(metrics.mean_absolute_error(y, p)),
            "mape": float(metrics.mean_absolute_percentage_error(y, p)),
            "r2": float(metrics.r2_score(y, p)),
        },
        "pinball": {str(q): float(metrics.mean_pinball_loss(y, p, alpha=q)) for q in (0.1, 0.5, 0.9)},
    }


def isotonic_case(seed, rows):
    rng = np.random.default_rng(seed)
    x = np.round(rng.uniform(size=rows), 2)
    y = (rng.uniform(size=rows) < x ** 2).astype(float)
    at = np.linspace(-0.1, 1.1, 61)
    fitted = isotonic.IsotonicRegression(out_of_bounds="clip").fit(x, y)
    return {"x": x.tolist(), "y": y.tolist(), "at": at.tolist(), "expected": fitted.predict(at).tolist()}


def platt_case(seed, rows):
    """Plain maximum likelihood of sigma(a * logit + b): logistic regression without a penalty."""
    rng = np.random.default_rng(seed)
    logit = np.round(rng.normal(size=rows) * 2, 6)
    y = (rng.uniform(size=rows) < 1 / (1 + np.exp(-(0.6 * logit - 0.4)))).astype(int)
    fitted = linear_model.LogisticRegression(penalty=None, tol=1e-12, max_iter=10_000).fit(logit[:, None], y)
    return {"logit": logit.tolist(), "y": y.tolist(), "slope": float(fitted.coef_[0, 0]), "intercept": float(fitted.intercept_[0])}


golden = {
    "versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
    "classification": [
        classification("binary", 1, 200, 2, False),
        classification("binary with ties", 2, 150, 2, True),
        classification("five classes", 3, 250, 5, False),
        classification("three classes with ties", 4, 120, 3, True),
    ],
    "regression": [regression("amounts", 5, 150)],
    "isotonic": [isotonic_case(6, 200), isotonic_case(7, 15)],
    "platt": [platt_case(8, 400)],
}
path = pathlib.Path(__file__).with_name("evaluation.json")
path.write_text(json.dumps(golden, indent=None, separators=(",", ":")) + "\n")
