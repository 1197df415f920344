#include <cmath>

#include "sdelens/model/optimizer.hpp"

namespace sdelens {
namespace {

/// m <- beta_1 m + (1-beta_1) g,  v <- beta_2 v + (1-beta_2) g^2,
/// x <- x - eta (m / (1-beta_1^(k+1))) / (sqrt(v / (1-beta_2^(k+1))) + epsilon) - eta gamma x, from
/// m = v = 0. Without the correction of the bias, 1 stands for both 1-beta^(k+1), and v may start elsewhere.
class Adam final : public Optimizer {
 public:
  Adam(double beta_1, double beta_2, double epsilon, double weight_decay, bool corrects_bias,
       std::vector<double> initial_v)
      : beta_1_(beta_1),
        beta_2_(beta_2),
        epsilon_(epsilon),
        weight_decay_(weight_decay),
        log_beta_1_(std::log(beta_1)),
        log_beta_2_(std::log(beta_2)),
        corrects_bias_(corrects_bias),
        initial_v_(std::move(initial_v)) {}

  Index memory_columns(Index dimension) const override { return 2 * dimension; }
  void initialise(Out memory) const override {
    const Index dimension = memory.cols() / 2;
    memory.leftCols(dimension).setZero();
    for (Index i = 0; i < dimension; ++i)
      memory.col(dimension + i) = entry("adam", "initial_v", initial_v_, dimension, i);
  }

  void update(Step step, In gradient, Out memory, Out x) const override {
    const double count = static_cast<double>(step.index) + 1.0;
    // rate * m_hat / (sqrt(v_hat) + epsilon) = scaled_rate * m / (sqrt(v) + scaled_epsilon)
    const double root = corrects_bias_ ? std::sqrt(bias_correction(log_beta_2_, count)) : 1.0;
    const double scaled_rate =
        step.learning_rate * root / (corrects_bias_ ? bias_correction(log_beta_1_, count) : 1.0);
    const double scaled_epsilon = epsilon_ * root;
    const double kept = 1.0 - step.learning_rate * weight_decay_;
    const Index dimension = x.cols();
    for (Index i = 0; i < dimension; ++i) {
      const double* const g = gradient.col(i).data();
      double* const m = memory.col(i).data();
      double* const v = memory.col(dimension + i).data();
      double* const xi = x.col(i).data();
#pragma omp simd
      for (Index row = 0; row < x.rows(); ++row) {
        m[row] = beta_1_ * m[row] + (1.0 - beta_1_) * g[row];
        v[row] = beta_2_ * v[row] + (1.0 - beta_2_) * g[row] * g[row];
        xi[row] = kept * xi[row] - scaled_rate * m[row] / (std::sqrt(v[row]) + scaled_epsilon);
      }
    }
  }

 private:
  /// 1 - beta^count; 1 without a call once that is what it rounds to.
  static double bias_correction(double log_beta, double count) {
    const double exponent = log_beta * count;
    return exponent < -40.0 ? 1.0 : -std::expm1(exponent);
  }

  double beta_1_, beta_2_, epsilon_, weight_decay_, log_beta_1_, log_beta_2_;
  bool corrects_bias_;
  std::vector<double> initial_v_;
};

std::unique_ptr<Optimizer> make(const char* name, bool decays, const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double beta_1 = read.scalar("beta_1", Range::unit(), 0.9);
  const double beta_2 = read.scalar("beta_2", Range::unit(), 0.999);
  const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  const bool corrects_bias = read.flag("bias_correction", true);
  if (corrects_bias && read.has("initial_v")) {
    throw InvalidParameter(name, "initial_v", "needs bias_correction = 0: the correction assumes v = 0");
  }
  std::vector<double> initial_v = read.list("initial_v", Range::non_negative(), std::vector{0.0});
  read.finish();
  return std::make_unique<Adam>(beta_1, beta_2, epsilon, gamma, corrects_bias, std::move(initial_v));
}

// First step: m_hat / sqrt(v_hat) = sign(g), x = -0.1. Second, with beta_1 = 1/2: m = 1/2 * 2 - 1/2 * 2 = 0.
const Register<OptimizerEntry> adam{{
    .name = "adam",
    .reference =
        "Adam with bias correction and the new v. Paper A, Section 3.3; Kingma and Ba, 2015, Algorithm 1",
    .make = [](const Parameters& parameters) { return make("adam", false, parameters); },
    .known = {.parameters = {{"beta_1", {0.5}}, {"beta_2", {0.75}}, {"epsilon", {0.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.1, -0.1}},
}};

const Register<OptimizerEntry> adamw{{
    .name = "adamw",
    .reference =
        "adam, then - eta gamma x of the old x (decoupled). Paper A, Section 3.4; Loshchilov and Hutter, "
        "2019, Algorithm 2",
    .make = [](const Parameters& parameters) { return make("adamw", true, parameters); },
    .known = {.parameters = {{"beta_1", {0.5}}, {"beta_2", {0.75}}, {"epsilon", {0.0}}, {"gamma", {2.0}}},
              .gradients = {4.0, -2.0},
              .iterates = {-0.1, -0.08}},
}};

}  // namespace
}  // namespace sdelens
