"""SignSGD and AdamW on f(x) = x' diag(1, 2) x / 2 as one would write them in NumPy.

Usage: numpy_twin.py signsgd|adamw RUNS STEPS SEED
Prints the seconds that the steps took, and the mean and the standard error over the runs of the loss averaged
over the second half of the steps.
"""

import sys
import time

import numpy as np


def main() -> None:
    optimizer, runs, steps, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    rng = np.random.default_rng(seed)
    eta, sigma, gamma, beta_1, beta_2, epsilon = 1e-2, 0.1, 1.0, 0.9, 0.999, 1e-8
    curvature = np.array([1.0, 2.0])
    x = np.full((runs, 2), 0.01)
    m = np.zeros_like(x)
    v = np.zeros_like(x)
    total = np.zeros(runs)
    observed = 0
    began = time.perf_counter()
    for k in range(1, steps + 1):
        g = curvature * x + sigma * rng.standard_normal(x.shape)
        if optimizer == "signsgd":
            x -= eta * np.where(g >= 0.0, 1.0, -1.0)
        else:
            m = beta_1 * m + (1.0 - beta_1) * g
            v = beta_2 * v + (1.0 - beta_2) * g * g
            m_hat = m / (1.0 - beta_1**k)
            v_hat = v / (1.0 - beta_2**k)
            x = x - eta * m_hat / (np.sqrt(v_hat) + epsilon) - eta * gamma * x
        if k > steps // 2 and k % 11 == 0:
            total += 0.5 * (curvature * x * x).sum(axis=1)
            observed += 1
    seconds = time.perf_counter() - began
    loss = total / observed
    print(seconds, loss.mean(), loss.std(ddof=1) / np.sqrt(runs))


if __name__ == "__main__":
    main()
