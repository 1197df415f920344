#include "sdelens/model/integrator.hpp"

namespace sdelens {
namespace {

/// The classical fourth-order method, for equations without noise.
class RungeKutta4 final : public Integrator {
 public:
  RungeKutta4(std::shared_ptr<const Sde> sde, Index replicas)
      : sde_(std::move(sde)),
        slope_(replicas, sde_->dimension()),
        sum_(replicas, sde_->dimension()),
        stage_(replicas, sde_->dimension()) {}

  void step(double t, double h, const Increments&, Out x) override {
    sde_->drift(t, x, sum_);
    stage_ = x + 0.5 * h * sum_;
    sde_->drift(t + 0.5 * h, stage_, slope_);
    sum_ += 2.0 * slope_;
    stage_ = x + 0.5 * h * slope_;
    sde_->drift(t + 0.5 * h, stage_, slope_);
    sum_ += 2.0 * slope_;
    stage_ = x + h * slope_;
    sde_->drift(t + h, stage_, slope_);
    sum_ += slope_;
    x += h / 6.0 * sum_;
  }

 private:
  std::shared_ptr<const Sde> sde_;
  Batch slope_, sum_, stage_;
};

const Register<IntegratorEntry> runge_kutta_4{{
    .name = "runge-kutta-4",
    .reference = "Hairer, Norsett and Wanner, Solving Ordinary Differential Equations I, 1993, Table II.1.2",
    .weak_order = 4.0,
    .deterministic = true,
    .two_point_columns = [](Index) -> Index { return 0; },
    .make = [](std::shared_ptr<const Sde> sde, Index replicas) -> std::unique_ptr<Integrator> {
      return std::make_unique<RungeKutta4>(std::move(sde), replicas);
    },
}};

}  // namespace
}  // namespace sdelens
