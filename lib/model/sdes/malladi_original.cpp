#include <cmath>

#include "sdelens/model/sdes/adaptive.hpp"

namespace sdelens {
namespace {

/// The equations of Malladi et al. in their own variables: time t' = eta^2 k = eta t, gradient noise sigma^2 Sigma' for
/// what is Sigma elsewhere, u = V / sigma^2, sigma_0 = sigma eta, epsilon_0 = epsilon eta, c_i = (1 - beta_i) / eta^2.
struct MalladiUnits {
  double sigma, eta;

  double sigma_0() const { return sigma * eta; }
  double c(double beta) const { return (1.0 - beta) / (eta * eta); }
};

/// dX = -P^{-1} (grad f dt' + sigma_0 Sigma'^{1/2} dW),   P = sigma_0 sqrt(u) + epsilon_0,
/// du = c_2 (diag Sigma' - u) dt'. The state is (X, u).
class MalladiRmsProp final : public Sde {
 public:
  MalladiRmsProp(const SdeContext& context, double beta, double epsilon, double sigma,
                 std::vector<double> initial_v)
      : noise_(name, context),
        units_{sigma, context.learning_rate},
        c_2_(units_.c(beta)),
        epsilon_0_(epsilon * context.learning_rate),
        initial_v_(std::move(initial_v)) {}

  static constexpr const char* name = "SDE of rmsprop-malladi-original";

  Index dimension() const override { return 2 * noise_.dimension(); }
  Index coordinates() const override { return noise_.dimension(); }
  Index noise_dimension() const override { return noise_.dimension(); }

  Point start_state(const Point& x) const override {
    const Point v = initial_second_moments(name, initial_v_, noise_.mean_square_at(x));
    Point result(dimension());
    result << x, v / (units_.sigma * units_.sigma);
    return result;
  }

  void drift(double t, In state, Out b) const override {
    const Index d = noise_.dimension();
    noise_.context().landscape->gradient(state.leftCols(d), b.leftCols(d));
    noise_.variances(t / units_.eta, state.leftCols(d), b.rightCols(d));
    const double per_sigma = 1.0 / (units_.sigma * units_.sigma);
    divide_by_p(state, b.leftCols(d));
    for (Index i = 0; i < d; ++i) {
      const double* const u = state.col(d + i).data();
      double* const du = b.col(d + i).data();
      const double c_2 = c_2_;
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) du[row] = c_2 * (per_sigma * du[row] - u[row]);
    }
  }

  void diffuse(double t, In state, In dw, Out s_dw) const override {
    const Index d = noise_.dimension();
    noise_.context().noise->scaled(t / (units_.eta * units_.eta), state.leftCols(d), dw, s_dw.leftCols(d));
    s_dw.leftCols(d) *= units_.sigma_0() / units_.sigma;
    divide_by_p(state, s_dw.leftCols(d));
    s_dw.rightCols(d).setZero();
  }

 private:
  /// z <- -P^{-1} z
  void divide_by_p(In state, Out z) const {
    const double sigma_0 = units_.sigma_0();
    const double epsilon_0 = epsilon_0_;
    for (Index i = 0; i < z.cols(); ++i) {
      const double* const u = state.col(z.cols() + i).data();
      double* const values = z.col(i).data();
#pragma omp simd
      for (Index row = 0; row < z.rows(); ++row) values[row] /= -(sigma_0 * std::sqrt(u[row]) + epsilon_0);
    }
  }

  AdaptiveNoise noise_;
  MalladiUnits units_;
  double c_2_, epsilon_0_;
  std::vector<double> initial_v_;
};

/// dX = -(sqrt(G_2)/G_1) P^{-1} m dt',   P = sigma_0 sqrt(u) + epsilon_0 sqrt(G_2),   G_i = 1 - exp(-c_i t'),
/// dm = c_1 (grad f - m) dt' + sigma_0 c_1 Sigma'^{1/2} dW,   du = c_2 (diag Sigma' - u) dt'. The state is (X, m, u).
/// G_i is read one iteration ahead, and the start is the first iteration's mean, as in adam-malladi.
class MalladiAdam final : public Sde {
 public:
  MalladiAdam(const SdeContext& context, double beta_1, double beta_2, double epsilon, double sigma)
      : noise_(name, context),
        units_{sigma, context.learning_rate},
        c_1_(units_.c(beta_1)),
        c_2_(units_.c(beta_2)),
        epsilon_0_(epsilon * context.learning_rate) {}

  static constexpr const char* name = "SDE of adam-malladi-original";

  Index dimension() const override { return 3 * noise_.dimension(); }
  Index coordinates() const override { return noise_.dimension(); }
  Index noise_dimension() const override { return noise_.dimension(); }

  Point start_state(const Point& x) const override {
    const Point gradient = noise_.gradient_at(x);
    const Point variance = noise_.mean_square_at(x) - gradient.array().square().matrix();
    const double iteration = units_.eta * units_.eta;
    Point result(dimension());
    result << x, c_1_ * iteration * gradient, c_2_ * iteration * variance / (units_.sigma * units_.sigma);
    return result;
  }

  void drift(double t, In state, Out b) const override {
    const Index d = noise_.dimension();
    const auto x = state.leftCols(d);
    noise_.context().landscape->gradient(x, b.middleCols(d, d));
    noise_.variances(t / units_.eta, x, b.rightCols(d));
    const double ahead = t + units_.eta * units_.eta;
    const double g_1 = -std::expm1(-c_1_ * ahead);
    const double g_2 = -std::expm1(-c_2_ * ahead);
    const double rate = std::sqrt(g_2) / g_1;
    const double epsilon = epsilon_0_ * std::sqrt(g_2);
    const double sigma_0 = units_.sigma_0();
    const double per_sigma = 1.0 / (units_.sigma * units_.sigma);
    const double c_1 = c_1_;
    const double c_2 = c_2_;
    for (Index i = 0; i < d; ++i) {
      const double* const m = state.col(d + i).data();
      const double* const u = state.col(2 * d + i).data();
      double* const dx = b.col(i).data();
      double* const dm = b.col(d + i).data();
      double* const du = b.col(2 * d + i).data();
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) {
        dx[row] = -rate * m[row] / (sigma_0 * std::sqrt(u[row]) + epsilon);
        dm[row] = c_1 * (dm[row] - m[row]);
        du[row] = c_2 * (per_sigma * du[row] - u[row]);
      }
    }
  }

  void diffuse(double t, In state, In dw, Out s_dw) const override {
    const Index d = noise_.dimension();
    s_dw.leftCols(d).setZero();
    noise_.context().noise->scaled(t / (units_.eta * units_.eta), state.leftCols(d), dw,
                                   s_dw.middleCols(d, d));
    s_dw.middleCols(d, d) *= c_1_ * units_.sigma_0() / units_.sigma;
    s_dw.rightCols(d).setZero();
  }

 private:
  AdaptiveNoise noise_;
  MalladiUnits units_;
  double c_1_, c_2_, epsilon_0_;
};

const Register<SdeEntry> rmsprop{{
    .name = "rmsprop-malladi-original",
    .reference =
        "dX = -P^{-1} (grad f dt' + sigma_0 Sigma'^{1/2} dW), du = c_2 (diag Sigma' - u) dt', in the time "
        "t' = eta^2 k of Malladi, Lyu, Panigrahi and Arora, 2022. Paper A, (D.1)",
    .make = [](const SdeContext& context, const Parameters& parameters) -> std::unique_ptr<Sde> {
      ParameterReader read(MalladiRmsProp::name, parameters);
      const double beta = read.scalar("beta", Range::unit(), 0.999);
      const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
      const double sigma = read.scalar("sigma", Range::positive());
      std::vector<double> initial_v = read.optional_list("initial_v", Range::positive());
      read.finish();
      return std::make_unique<MalladiRmsProp>(context, beta, epsilon, sigma, std::move(initial_v));
    },
    .example = {{"sigma", {0.7}}},
}};

const Register<SdeEntry> adam{{
    .name = "adam-malladi-original",
    .reference =
        "dX = -(sqrt(G_2)/G_1) P^{-1} m dt', dm = c_1 (grad f - m) dt' + sigma_0 c_1 Sigma'^{1/2} dW, in the "
        "time t' = eta^2 k of Malladi, Lyu, Panigrahi and Arora, 2022. Paper A, (D.4)",
    .make = [](const SdeContext& context, const Parameters& parameters) -> std::unique_ptr<Sde> {
      ParameterReader read(MalladiAdam::name, parameters);
      const double beta_1 = read.scalar("beta_1", Range::unit(), 0.9);
      const double beta_2 = read.scalar("beta_2", Range::unit(), 0.999);
      const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
      const double sigma = read.scalar("sigma", Range::positive());
      read.finish();
      return std::make_unique<MalladiAdam>(context, beta_1, beta_2, epsilon, sigma);
    },
    .example = {{"sigma", {0.7}}},
}};

}  // namespace
}  // namespace sdelens
