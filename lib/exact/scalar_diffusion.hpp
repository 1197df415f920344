#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace sdelens {

/// The Ito equation dX = b(X) dt + s(X) dW in one dimension.
struct ScalarDiffusion {
  std::function<double(double x)> drift;      ///< b
  std::function<double(double x)> diffusion;  ///< s
};

/// Polynomial collocation at the Chebyshev points of [low, high]; with core > 0 in z, x = core sinh z, so that the
/// points gather within core of 0 and reach far out all the same.
struct Collocation {
  double low, high;
  int nodes = 140;
  int fewer_nodes = 110;  ///< of the second calculation, which shows the error of the first
  double core = 0.0;
};

/// exact: the equation itself. euler_maruyama: the chain x <- x + h b(x) + sqrt(h) s(x) Z, Z ~ N(0, 1).
enum class Stepping { exact, euler_maruyama };

/// A value without sampling, and by how much it may be wrong.
struct CalculatedValue {
  double value = 0.0;
  double error = 0.0;
};

/// E g(X_t) at t = 0, h, 2 h, ..., count h from X_0 = start, without sampling: u(t, x) = E(g(X_t) | X_0 = x)
/// solves the backward equation u_t = b u' + (s^2 / 2) u'', u(0, .) = g, whose right side becomes a matrix at the
/// collocation points; a step is its exponential. For Euler-Maruyama a step is the average over Z by Gauss-Hermite
/// quadrature of the polynomial through the points.
///
/// There is no boundary condition, so the ends must let nothing in: the drift points inwards there, and noise
/// carries a path no further against it than s^2 / (2 |b|) <= 5 gaps between the last two points. b, s^2 and g must be
/// smooth.
/// The error is twice the difference of the two calculations plus N^2 epsilon of the largest |g|, the rounding
/// of the derivatives; that of the generator, up to epsilon s^2 N^4 of it, is in the difference only.
/// Not for several threads at once: it holds Eigen to one thread.
/// @param functions  the g
/// @return [function][step], count + 1 steps
/// @throw InvalidParameter unless low < start < high (or start is an end), 16 <= fewer_nodes < nodes, core is not
///        negative, step is positive and the ends let nothing in; for Euler-Maruyama also if a step can leave the interval
/// Source: Trefethen, Spectral Methods in MATLAB, 2000, chapters 5, 6 and 10 (collocation); Golub and Welsch, Math.
/// Comp. 23, 1969 (quadrature).
std::vector<std::vector<CalculatedValue>> expectations(
    const ScalarDiffusion& equation, const Collocation& collocation,
    const std::vector<std::function<double(double x)>>& functions, double start, double step,
    std::uint64_t count, Stepping stepping = Stepping::exact);

}  // namespace sdelens
