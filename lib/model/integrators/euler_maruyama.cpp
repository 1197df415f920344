#include "sdelens/model/integrator.hpp"

namespace sdelens {
namespace {

/// X <- X + b h + S dW
class EulerMaruyama final : public Integrator {
 public:
  EulerMaruyama(std::shared_ptr<const Sde> sde, Index replicas)
      : sde_(std::move(sde)), scratch_(replicas, sde_->dimension()), change_(replicas, sde_->dimension()) {}

  void step(double t, double h, const Increments& increments, Out x) override {
    sde_->increment(t, h, x, increments.dw, scratch_, change_);
    x += change_;
  }

 private:
  std::shared_ptr<const Sde> sde_;
  Batch scratch_, change_;
};

const Register<IntegratorEntry> euler_maruyama{{
    .name = "euler-maruyama",
    .reference =
        "Kloeden and Platen, Numerical Solution of Stochastic Differential Equations, 1992, (10.2.4)",
    .weak_order = 1.0,
    .deterministic = false,
    .two_point_columns = [](Index) -> Index { return 0; },
    .make = [](std::shared_ptr<const Sde> sde, Index replicas) -> std::unique_ptr<Integrator> {
      return std::make_unique<EulerMaruyama>(std::move(sde), replicas);
    },
}};

}  // namespace
}  // namespace sdelens
