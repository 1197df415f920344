#include <algorithm>
#include <cmath>
#include <vector>

#include "sdelens/model/integrator.hpp"

namespace sdelens {
namespace {

/// Platen's explicit scheme of weak order 2 for m independent Wiener processes. With
/// b_j the j-th column of S,
///   Y' = Y + a h + S dW,  R_j = Y + a h +- b_j sqrt h,  U_j = Y +- b_j sqrt h:
///   Y <- Y + (a(Y') + a) h / 2
///        + (1/4) sum_j [b_j(R+_j) + b_j(R-_j) + 2 b_j] dW_j
///        + (1/4) sum_j sum_{r != j} [b_j(U+_r) + b_j(U-_r) - 2 b_j] dW_j
///        + (1/4) sum_j [b_j(R+_j) - b_j(R-_j)] (dW_j^2 - h) / sqrt h
///        + (1/4) sum_j sum_{r != j} [b_j(U+_r) - b_j(U-_r)] (dW_j dW_r + V_{r,j}) / sqrt h,
/// V_{r,j} = -V_{j,r} = +-h. The sums over j are products with S, so the matrix is never formed.
/// Time counts as one more coordinate, with a = 1 and b_j = 0: Y' and R_j are at t + h, U_j is at t.
class WeakOrder2 final : public Integrator {
 public:
  WeakOrder2(std::shared_ptr<const Sde> sde, Index replicas)
      : sde_(std::move(sde)),
        drift_(replicas, sde_->dimension()),
        ahead_(replicas, sde_->dimension()),
        column_(replicas, sde_->dimension()),
        point_(replicas, sde_->dimension()),
        product_(replicas, sde_->dimension()),
        change_(replicas, sde_->dimension()),
        weights_(replicas, sde_->noise_dimension()) {}

  void step(double t, double h, const Increments& increments, Out x) override {
    In dw = increments.dw;
    const Index m = sde_->noise_dimension();
    const double root = std::sqrt(h);
    sde_->drift(t, x, drift_);
    ahead_ = x + h * drift_;
    sde_->diffuse(t, x, dw, product_);
    // 2/4 of b_j dW_j from the first sum and -2/4 for each r != j from the second.
    change_ = 0.5 * h * drift_ + (0.5 - 0.5 * static_cast<double>(m - 1)) * product_;
    point_ = ahead_ + product_;
    sde_->drift(t + h, point_, drift_);
    change_ += 0.5 * h * drift_;
    for (Index r = 0; r < m; ++r) {
      weights_.setZero();
      weights_.col(r) = 1.0;
      sde_->diffuse(t, x, weights_, column_);
      column_ *= root;
      for (const double side : {1.0, -1.0}) {
        weights_.setZero();
        weights_.col(r) = 0.25 * (dw.col(r) + side * (dw.col(r).square() - h) / root);
        point_ = ahead_ + side * column_;
        sde_->diffuse(t + h, point_, weights_, product_);
        change_ += product_;
        if (m == 1) continue;
        for (Index j = 0; j < m; ++j) {
          if (j == r) {
            weights_.col(j).setZero();
          } else {
            weights_.col(j) =
                0.25 *
                (dw.col(j) + side * (dw.col(j) * dw.col(r) + h * sign(r, j) * pair(increments, r, j)) / root);
          }
        }
        point_ = x + side * column_;
        sde_->diffuse(t, point_, weights_, product_);
        change_ += product_;
      }
    }
    x += change_;
  }

 private:
  static double sign(Index r, Index j) { return r < j ? 1.0 : -1.0; }
  static Eigen::Ref<const Column> pair(const Increments& increments, Index r, Index j) {
    const Index low = std::min(r, j);
    const Index high = std::max(r, j);
    return increments.two_point.col(high * (high - 1) / 2 + low);
  }

  std::shared_ptr<const Sde> sde_;
  Batch drift_, ahead_, column_, point_, product_, change_, weights_;
};

const Register<IntegratorEntry> weak_order_2{{
    .name = "weak-order-2",
    .reference =
        "Kloeden and Platen, Numerical Solution of Stochastic Differential Equations, 1992, (15.1.3)",
    .weak_order = 2.0,
    .deterministic = false,
    .two_point_columns = [](Index noise_dimension) { return noise_dimension * (noise_dimension - 1) / 2; },
    .make = [](std::shared_ptr<const Sde> sde, Index replicas) -> std::unique_ptr<Integrator> {
      return std::make_unique<WeakOrder2>(std::move(sde), replicas);
    },
}};

}  // namespace
}  // namespace sdelens
