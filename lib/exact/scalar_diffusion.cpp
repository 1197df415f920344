#include "sdelens/exact/scalar_diffusion.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "sdelens/core/check.hpp"
#include "sdelens/core/linear_algebra.hpp"

namespace sdelens {
namespace {

constexpr const char* kOwner = "expectations of a scalar diffusion";
constexpr double kMostGaps = 5.0;

/// Chebyshev points z of an interval, in x or stretched, with the barycentric weights of their polynomial.
class Points {
 public:
  Points(const Collocation& collocation, int nodes)
      : core_(collocation.core), z_(nodes), x_(nodes), weight_(nodes) {
    const double low = stretched(collocation.low);
    width_ = stretched(collocation.high) - low;
    for (int i = 0; i < nodes; ++i) {
      const double angle = std::numbers::pi * i / (nodes - 1);
      const double share = std::pow(std::sin(0.5 * angle), 2);
      z_(i) = low + width_ * share;
      x_(i) = core_ > 0.0 ? core_ * std::sinh(z_(i)) : z_(i);
      weight_(i) = (i % 2 == 0 ? 1.0 : -1.0) * (i == 0 || i == nodes - 1 ? 0.5 : 1.0);
      angle_.push_back(angle);
    }
    x_(0) = collocation.low;
    x_(nodes - 1) = collocation.high;
  }

  const Eigen::VectorXd& x() const { return x_; }

  /// d/dx at the points.
  Eigen::MatrixXd derivative() const {
    const auto n = x_.size();
    Eigen::MatrixXd d = Eigen::MatrixXd::Zero(n, n);
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = 0; j < n; ++j) {
        if (i != j) d(i, j) = weight_(j) / weight_(i) / distance(i, j);
      }
      d(i, i) = -d.row(i).sum();
      if (core_ > 0.0) d.row(i) /= core_ * std::cosh(z_(i));
    }
    return d;
  }

  /// The row that takes values at the points to the value of their polynomial at x = at.
  Eigen::RowVectorXd interpolation(double at) const {
    const double z = stretched(at);
    Eigen::RowVectorXd row(x_.size());
    for (Eigen::Index j = 0; j < x_.size(); ++j) {
      const double gap = z - z_(j);
      if (gap == 0.0) return Eigen::RowVectorXd::Unit(x_.size(), j);
      row(j) = weight_(j) / gap;
    }
    return row / row.sum();
  }

 private:
  double stretched(double x) const { return core_ > 0.0 ? std::asinh(x / core_) : x; }

  /// z_i - z_j without cancellation.
  double distance(Eigen::Index i, Eigen::Index j) const {
    const double a = angle_[static_cast<std::size_t>(i)];
    const double b = angle_[static_cast<std::size_t>(j)];
    return width_ * std::sin(0.5 * (a + b)) * std::sin(0.5 * (a - b));
  }

  double core_, width_ = 0.0;
  Eigen::VectorXd z_, x_, weight_;
  std::vector<double> angle_;
};

/// Eigen's products on one thread while it lives: matrices of this size are done before other threads wake up.
class OneThread {
 public:
  OneThread() : before_(Eigen::nbThreads()) { Eigen::setNbThreads(1); }
  ~OneThread() { Eigen::setNbThreads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

Eigen::MatrixXd exact_step(const Points& points, const ScalarDiffusion& equation, double step) {
  const Eigen::MatrixXd first = points.derivative();
  const Eigen::MatrixXd second = first * first;
  Eigen::MatrixXd generator(first.rows(), first.cols());
  for (Eigen::Index i = 0; i < first.rows(); ++i) {
    const double s = equation.diffusion(points.x()(i));
    generator.row(i) = equation.drift(points.x()(i)) * first.row(i) + 0.5 * s * s * second.row(i);
  }
  return exponential(step * generator);
}

Eigen::MatrixXd euler_maruyama_step(const Points& points, const Collocation& collocation,
                                    const ScalarDiffusion& equation, double step) {
  static const NormalQuadrature quadrature = normal_quadrature(40);
  const auto n = points.x().size();
  Eigen::MatrixXd result = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const double x = points.x()(i);
    const double mean = x + step * equation.drift(x);
    const double deviation = std::sqrt(step) * equation.diffusion(x);
    for (Eigen::Index q = 0; q < quadrature.nodes.size(); ++q) {
      const double next = mean + deviation * quadrature.nodes(q);
      // A node this light is lost in rounding wherever it lands.
      if (quadrature.weights(q) < 1e-18) continue;
      require_in(
          {.low = collocation.low, .high = collocation.high, .low_included = true, .high_included = true},
          kOwner, "a step of Euler-Maruyama", next);
      result.row(i) += quadrature.weights(q) * points.interpolation(next);
    }
  }
  return result;
}

void require_closed(const ScalarDiffusion& equation, double end, double neighbour) {
  const double inward = neighbour > end ? 1.0 : -1.0;
  const double drift = require_positive(kOwner, "inward drift at an end", inward * equation.drift(end));
  const double s = equation.diffusion(end);
  require_in({.low = 0.0, .high = kMostGaps, .low_included = true, .high_included = true}, kOwner,
             "s^2 / (2 |b|) at an end, in gaps of the points there,",
             0.5 * s * s / drift / std::abs(neighbour - end));
}

/// [function][step]
std::vector<std::vector<double>> calculate(const ScalarDiffusion& equation, const Collocation& collocation,
                                           int nodes,
                                           const std::vector<std::function<double(double x)>>& functions,
                                           double start, double step, std::uint64_t count,
                                           Stepping stepping) {
  const Points points(collocation, nodes);
  const Eigen::MatrixXd transition = stepping == Stepping::exact
                                         ? exact_step(points, equation, step)
                                         : euler_maruyama_step(points, collocation, equation, step);
  // The row of the start takes the steps: one product for all functions.
  Eigen::MatrixXd values(nodes, static_cast<Eigen::Index>(functions.size()));
  for (std::size_t f = 0; f < functions.size(); ++f) {
    values.col(static_cast<Eigen::Index>(f)) = points.x().unaryExpr(functions[f]);
  }
  Eigen::RowVectorXd law = points.interpolation(start);
  std::vector<std::vector<double>> result(functions.size());
  for (std::uint64_t k = 0;; ++k) {
    const Eigen::RowVectorXd now = law * values;
    for (std::size_t f = 0; f < functions.size(); ++f) {
      result[f].push_back(now(static_cast<Eigen::Index>(f)));
    }
    if (k == count) return result;
    law = law * transition;
  }
}

}  // namespace

std::vector<std::vector<CalculatedValue>> expectations(
    const ScalarDiffusion& equation, const Collocation& collocation,
    const std::vector<std::function<double(double x)>>& functions, double start, double step,
    std::uint64_t count, Stepping stepping) {
  require_finite(kOwner, "low", collocation.low);
  require_in({.low = collocation.low}, kOwner, "high", collocation.high);
  require_in({.low = collocation.low, .high = collocation.high, .low_included = true, .high_included = true},
             kOwner, "start", start);
  require_in(Range::at_least(16.0), kOwner, "fewer_nodes", collocation.fewer_nodes);
  require_in({.low = static_cast<double>(collocation.fewer_nodes)}, kOwner, "nodes", collocation.nodes);
  require_positive(kOwner, "step", step);
  require_in(Range::non_negative(), kOwner, "core", collocation.core);
  const Points points(collocation, collocation.nodes);
  require_closed(equation, collocation.low, points.x()(1));
  require_closed(equation, collocation.high, points.x()(collocation.nodes - 2));

  const OneThread one_thread;
  const auto fine =
      calculate(equation, collocation, collocation.nodes, functions, start, step, count, stepping);
  const auto coarse =
      calculate(equation, collocation, collocation.fewer_nodes, functions, start, step, count, stepping);
  // A differentiation matrix of N points magnifies rounding up to N^2 times.
  const double rounding_share =
      std::numeric_limits<double>::epsilon() * static_cast<double>(collocation.nodes * collocation.nodes);
  std::vector<std::vector<CalculatedValue>> result(functions.size());
  for (std::size_t f = 0; f < functions.size(); ++f) {
    const double rounding = rounding_share * points.x().unaryExpr(functions[f]).cwiseAbs().maxCoeff();
    for (std::size_t k = 0; k < fine[f].size(); ++k) {
      result[f].push_back({fine[f][k], 2.0 * std::abs(fine[f][k] - coarse[f][k]) + rounding});
    }
  }
  return result;
}

}  // namespace sdelens
