#include <cmath>

#include "sdelens/model/optimizer.hpp"

namespace sdelens {
namespace {

/// v <- beta v + (1-beta) g^2,  x <- x - eta g / (sqrt(v) + epsilon) - eta gamma x, with the new v.
class RmsProp final : public Optimizer {
 public:
  RmsProp(double beta, double epsilon, double weight_decay, std::vector<double> initial_v)
      : beta_(beta), epsilon_(epsilon), weight_decay_(weight_decay), initial_v_(std::move(initial_v)) {}

  Index memory_columns(Index dimension) const override { return dimension; }

  void initialise(Out memory) const override {
    const Index dimension = memory.cols();
    for (Index i = 0; i < dimension; ++i)
      memory.col(i) = entry("rmsprop", "initial_v", initial_v_, dimension, i);
  }

  void update(Step step, In gradient, Out memory, Out x) const override {
    const double rate = step.learning_rate;
    const double kept = 1.0 - rate * weight_decay_;
    for (Index i = 0; i < x.cols(); ++i) {
      const double* const g = gradient.col(i).data();
      double* const v = memory.col(i).data();
      double* const xi = x.col(i).data();
      for (Index row = 0; row < x.rows(); ++row) {
        v[row] = beta_ * v[row] + (1.0 - beta_) * g[row] * g[row];
        xi[row] = kept * xi[row] - rate * g[row] / (std::sqrt(v[row]) + epsilon_);
      }
    }
  }

 private:
  double beta_, epsilon_, weight_decay_;
  std::vector<double> initial_v_;
};

std::unique_ptr<Optimizer> make(const char* name, bool decays, const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double beta = read.scalar("beta", Range::unit(), 0.999);
  const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  auto initial_v = read.list("initial_v", Range::non_negative(), std::vector{0.0});
  read.finish();
  return std::make_unique<RmsProp>(beta, epsilon, gamma, std::move(initial_v));
}

// beta = 0.75, epsilon = 0: v = 0.25 * 16 = 4, then 0.75 * 4 + 0.25 * 4 = 4.
const Register<OptimizerEntry> rmsprop{{
    .name = "rmsprop",
    .reference = "v <- beta v + (1-beta) g^2, x <- x - eta g / (sqrt(v) + epsilon). Paper A, Section 3.2",
    .make = [](const Parameters& parameters) { return make("rmsprop", false, parameters); },
    .known = {.parameters = {{"beta", {0.75}}, {"epsilon", {0.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.2, -0.1}},
}};

const Register<OptimizerEntry> rmspropw{{
    .name = "rmspropw",
    .reference = "rmsprop, then - eta gamma x of the old x (decoupled). Paper A, Section 3.2",
    .make = [](const Parameters& parameters) { return make("rmspropw", true, parameters); },
    .known = {.parameters = {{"beta", {0.75}}, {"epsilon", {0.0}}, {"gamma", {2.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.2, -0.06}},
}};

}  // namespace
}  // namespace sdelens
