#include <cmath>

#include "sdelens/model/sdes/adaptive.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t/eta [P^{-1} (grad f(X) dt + sqrt(eta) Sigma^{1/2} dW) + gamma X dt],   P = sqrt(V) + epsilon,
/// dV = rho (s (grad f(X))^2 + diag Sigma - V) dt,   rho = (1 - beta) / eta,
/// s = 1 in paper A and 0 in the equation of Malladi et al. The state is (X, V).
class RmsPropSde final : public Sde {
 public:
  struct Settings {
    const char* name;
    double beta, epsilon, weight_decay;
    bool squares_gradient;
    std::vector<double> initial_v;
  };

  RmsPropSde(const SdeContext& context, Settings settings)
      : noise_(settings.name, context), settings_(std::move(settings)) {}

  Index dimension() const override { return 2 * noise_.dimension(); }
  Index coordinates() const override { return noise_.dimension(); }
  Index noise_dimension() const override { return noise_.dimension(); }

  Point start_state(const Point& x) const override {
    const Point v = initial_second_moments(settings_.name, settings_.initial_v, noise_.mean_square_at(x));
    Point result(dimension());
    result << x, v;
    return result;
  }

  void drift(double t, In state, Out b) const override {
    const Index d = noise_.dimension();
    const auto x = state.leftCols(d);
    noise_.context().landscape->gradient(x, b.leftCols(d));
    noise_.variances(t, x, b.rightCols(d));
    const Rates rates = rates_at(t);
    for (Index i = 0; i < d; ++i) {
      const double* const xi = state.col(i).data();
      const double* const v = state.col(d + i).data();
      double* const g = b.col(i).data();
      double* const variance = b.col(d + i).data();
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) {
        variance[row] = rates.rho * (rates.squares * g[row] * g[row] + variance[row] - v[row]);
        g[row] = -rates.factor * (g[row] / (std::sqrt(v[row]) + rates.epsilon) + rates.gamma * xi[row]);
      }
    }
  }

  void diffuse(double t, In state, In dw, Out s_dw) const override {
    const Index d = noise_.dimension();
    noise_.diffuse(t, state.leftCols(d), dw, s_dw.leftCols(d));
    const double factor = noise_.rate_factor(t);
    const double epsilon = settings_.epsilon;
    for (Index i = 0; i < d; ++i) {
      const double* const v = state.col(d + i).data();
      double* const s = s_dw.col(i).data();
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) s[row] *= -factor / (std::sqrt(v[row]) + epsilon);
    }
    s_dw.rightCols(d).setZero();
  }

  void increment(double t, double h, In state, In dw, Out scratch, Out change) const override {
    if (!noise_.simple()) return Sde::increment(t, h, state, dw, scratch, change);
    const Index d = noise_.dimension();
    noise_.context().landscape->gradient(state.leftCols(d), scratch.leftCols(d));
    const Rates rates = rates_at(t);
    const double root = std::sqrt(noise_.learning_rate());
    for (Index i = 0; i < d; ++i) {
      const double deviation = noise_.deviations()(i);
      const double variance = deviation * deviation;
      const double* const xi = state.col(i).data();
      const double* const v = state.col(d + i).data();
      const double* const g = scratch.col(i).data();
      const double* const w = dw.col(i).data();
      double* const dx = change.col(i).data();
      double* const dv = change.col(d + i).data();
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) {
        dv[row] = h * rates.rho * (rates.squares * g[row] * g[row] + variance - v[row]);
        dx[row] =
            -rates.factor * ((h * g[row] + root * deviation * w[row]) / (std::sqrt(v[row]) + rates.epsilon) +
                             h * rates.gamma * xi[row]);
      }
    }
  }

 private:
  /// The numbers in the equation at time t, in local variables so that the loops keep them in registers.
  struct Rates {
    double factor, rho, squares, epsilon, gamma;
  };
  Rates rates_at(double t) const {
    return {.factor = noise_.rate_factor(t),
            .rho = (1.0 - settings_.beta) / noise_.learning_rate(),
            .squares = settings_.squares_gradient ? 1.0 : 0.0,
            .epsilon = settings_.epsilon,
            .gamma = settings_.weight_decay};
  }

  AdaptiveNoise noise_;
  Settings settings_;
};

std::unique_ptr<Sde> make(const char* name, bool decays, bool squares_gradient, const SdeContext& context,
                          const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double beta = read.scalar("beta", Range::unit(), 0.999);
  const double epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  std::vector<double> initial_v = read.optional_list("initial_v", Range::positive());
  read.finish();
  return std::make_unique<RmsPropSde>(context, RmsPropSde::Settings{.name = name,
                                                                    .beta = beta,
                                                                    .epsilon = epsilon,
                                                                    .weight_decay = gamma,
                                                                    .squares_gradient = squares_gradient,
                                                                    .initial_v = std::move(initial_v)});
}

const Register<SdeEntry> rmsprop{{
    .name = "rmsprop",
    .reference =
        "dX = -P^{-1} (grad f dt + sqrt(eta) Sigma^{1/2} dW), dV = rho ((grad f)^2 + diag Sigma - V) dt, "
        "P = sqrt(V) + epsilon; V_0 = initial_v > 0, or E g_0^2. Paper A, (86)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of rmsprop", false, true, context, parameters);
        },
}};

const Register<SdeEntry> rmspropw{{
    .name = "rmspropw",
    .reference = "rmsprop, with - gamma X dt in dX. Paper A, (113)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of rmspropw", true, true, context, parameters);
        },
    .example = {{"gamma", {0.5}}},
}};

const Register<SdeEntry> malladi{{
    .name = "rmsprop-malladi",
    .reference =
        "rmsprop, with dV = rho (diag Sigma - V) dt. Paper A, (183) and (D.2); Malladi, Lyu, Panigrahi and "
        "Arora, 2022",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of rmsprop-malladi", false, false, context, parameters);
        },
}};

}  // namespace
}  // namespace sdelens
