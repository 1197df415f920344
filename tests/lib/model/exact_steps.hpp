#pragma once

#include <cmath>
#include <functional>
#include <utility>

#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/model/integrator.hpp"

namespace sdelens::test {

/// An SDE from functions of one point: the drift, and the d by m matrix of the diffusion.
class PointwiseSde final : public Sde {
 public:
  using Drift = std::function<Point(double t, const Point& x)>;
  using Diffusion = std::function<Eigen::MatrixXd(double t, const Point& x)>;

  PointwiseSde(Index dimension, Index noise_dimension, Drift drift, Diffusion diffusion)
      : dimension_(dimension),
        noise_dimension_(noise_dimension),
        drift_(std::move(drift)),
        diffusion_(std::move(diffusion)) {}

  Index dimension() const override { return dimension_; }
  Index noise_dimension() const override { return noise_dimension_; }
  void drift(double t, In x, Out b) const override {
    for (Index row = 0; row < x.rows(); ++row) b.row(row) = drift_(t, point(x, row)).transpose().array();
  }
  void diffuse(double t, In x, In dw, Out s_dw) const override {
    if (noise_dimension_ == 0) {
      s_dw.setZero();
      return;
    }
    for (Index row = 0; row < x.rows(); ++row) {
      s_dw.row(row) = (diffusion_(t, point(x, row)) * point(dw, row)).transpose().array();
    }
  }

 private:
  static Point point(In batch, Index row) { return batch.row(row).matrix().transpose(); }

  Index dimension_, noise_dimension_;
  Drift drift_;
  Diffusion diffusion_;
};

/// All combinations of the nodes of a Gauss-Hermite rule for every standard normal and of +-1 for every two-point
/// variable: means of polynomials of degree 2 nodes - 1 in each normal are exact.
struct Combinations {
  Batch normals, two_point;
  Eigen::VectorXd weights;
};

inline Combinations combinations(Index normals, Index two_points, Index nodes = 8) {
  const NormalQuadrature rule = normal_quadrature(nodes);
  Index rows = 1;
  for (Index i = 0; i < normals; ++i) rows *= nodes;
  for (Index i = 0; i < two_points; ++i) rows *= 2;
  Combinations result{Batch(rows, normals), Batch(rows, two_points), Eigen::VectorXd::Ones(rows)};
  for (Index row = 0; row < rows; ++row) {
    Index rest = row;
    for (Index i = 0; i < normals; ++i, rest /= nodes) {
      result.normals(row, i) = rule.nodes(rest % nodes);
      result.weights(row) *= rule.weights(rest % nodes);
    }
    for (Index i = 0; i < two_points; ++i, rest /= 2) {
      result.two_point(row, i) = rest % 2 == 0 ? 1.0 : -1.0;
      result.weights(row) *= 0.5;
    }
  }
  return result;
}

/// The states that one step of a registered integrator reaches from x, one row for each combination.
inline Batch step_from(const IntegratorEntry& entry, const std::shared_ptr<const Sde>& sde, double t,
                       double h, const Point& x, const Combinations& draws) {
  Batch states = x.transpose().array().replicate(draws.weights.size(), 1);
  const Batch dw = std::sqrt(h) * draws.normals;
  entry.make(sde, states.rows())->step(t, h, {.dw = dw, .two_point = draws.two_point}, states);
  return states;
}

inline Combinations combinations_for(const IntegratorEntry& entry, const Sde& sde, Index nodes = 8) {
  return combinations(sde.noise_dimension(), entry.two_point_columns(sde.noise_dimension()), nodes);
}

/// The order that errors at steps h, h/2, h/4, ... show. With e(h) = C h^p (1 + c h + O(h^2)) the slopes between
/// neighbours are p + (c / (2 log 2)) h + O(h^2), so that twice the last less the one before is p + O(h^2).
struct ObservedOrder {
  double order, uncertainty;
};

inline ObservedOrder observed_order(const std::vector<double>& errors) {
  std::vector<double> slopes;
  for (std::size_t i = 1; i < errors.size(); ++i) slopes.push_back(std::log2(errors[i - 1] / errors[i]));
  const std::size_t last = slopes.size() - 1;
  const double extrapolated = 2.0 * slopes[last] - slopes[last - 1];
  const double before = 2.0 * slopes[last - 1] - slopes[last - 2];
  return {.order = extrapolated, .uncertainty = std::abs(extrapolated - before)};
}

}  // namespace sdelens::test
