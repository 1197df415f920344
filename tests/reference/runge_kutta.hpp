#pragma once

namespace sdelens::testing {

/// y(time) of dy/dt = slope(y), y(0) = start, by the classical Runge-Kutta method with equal steps.
template <class Slope>
double integrate(const Slope& slope, double start, double time, int steps) {
  const double h = time / steps;
  double y = start;
  for (int i = 0; i < steps; ++i) {
    const double k1 = slope(y);
    const double k2 = slope(y + 0.5 * h * k1);
    const double k3 = slope(y + 0.5 * h * k2);
    const double k4 = slope(y + h * k3);
    y += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
  }
  return y;
}

}  // namespace sdelens::testing
