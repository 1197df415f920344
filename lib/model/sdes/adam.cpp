#include <cmath>

#include "sdelens/model/sdes/adaptive.hpp"

namespace sdelens {
namespace {

/// What tells the SDEs of Adam apart.
enum class AdamForm {
  printed,    ///< paper A
  corrected,  ///< with the noise of the fresh gradient in dX
  malladi,    ///< Malladi et al.: dX sees M, and dV no gradient
};

/// With c_i = eta rho_i = 1 - beta_i and G_i(t) = 1 - exp(-rho_i t),
///   dX = -eta_t/eta [ (sqrt(G_2)/G_1) P^{-1} ((M + c_1 (grad f - M)) dt + s c_1 sqrt(eta) Sigma^{1/2} dW)
///                     + gamma X dt ],   P = sqrt(V) + epsilon sqrt(G_2),
///   dM = rho_1 (grad f - M) dt + rho_1 sqrt(eta) Sigma^{1/2} dW,
///   dV = rho_2 ((grad f)^2 + diag Sigma - V) dt,
/// with s = 0 as printed and s = 1 corrected, on the same W. Without bias correction G_1 = G_2 = 1. The equation of
/// Malladi et al. has M for the whole bracket and no (grad f)^2. The state is (X, M, V).
///
/// As printed all is 0/0 at t = 0, where M = V = 0. The optimizer divides m_{k+1} by 1 - beta^{k+1}: so G_i is read
/// one iteration ahead, at t + eta, and so is V, as V + c_2 ((grad f)^2 + diag Sigma - V), like the bracket which is
/// M one iteration ahead. That changes the coefficients by O(c_2) relative. The equation of Malladi et al. has nothing
/// ahead and starts from the first iteration's mean, M_0 = c_1 grad f(x_0), V_0 = c_2 diag Sigma.
class AdamSde final : public Sde {
 public:
  struct Settings {
    const char* name;
    AdamForm form;
    double beta_1, beta_2, epsilon, weight_decay;
    bool corrects_bias;
    std::vector<double> initial_v;
  };

  AdamSde(const SdeContext& context, Settings settings)
      : noise_(settings.name, context), settings_(std::move(settings)) {}

  Index dimension() const override { return 3 * noise_.dimension(); }
  Index coordinates() const override { return noise_.dimension(); }
  Index noise_dimension() const override { return noise_.dimension(); }

  Point start_state(const Point& x) const override {
    const Point zero = Point::Zero(x.size());
    Point m = zero;
    Point v = zero;
    if (!settings_.corrects_bias) {
      v = initial_second_moments(settings_.name, settings_.initial_v, noise_.mean_square_at(x));
    } else if (settings_.form == AdamForm::malladi) {
      m = c_1() * noise_.gradient_at(x);
      v = c_2() * (noise_.mean_square_at(x) - noise_.gradient_at(x).array().square().matrix());
    }
    Point result(dimension());
    result << x, m, v;
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
      const double* const m = state.col(d + i).data();
      const double* const v = state.col(2 * d + i).data();
      double* const g = b.col(i).data();
      double* const dm = b.col(d + i).data();
      double* const variance = b.col(2 * d + i).data();
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) {
        const double missing = rates.squares * g[row] * g[row] + variance[row] - v[row];
        const double rest = g[row] - m[row];
        const double p = std::sqrt(v[row] + rates.v_ahead * missing) + rates.epsilon;
        variance[row] = rates.rho_2 * missing;
        dm[row] = rates.rho_1 * rest;
        g[row] = -rates.x * (m[row] + rates.m_ahead * rest) / p - rates.decay * xi[row];
      }
    }
  }

  void diffuse(double t, In state, In dw, Out s_dw) const override {
    const Index d = noise_.dimension();
    const auto x = state.leftCols(d);
    auto z = s_dw.middleCols(d, d);
    noise_.diffuse(t, x, dw, z);
    if (settings_.form == AdamForm::corrected) {
      fresh_noise(t, state, s_dw);
    } else {
      s_dw.leftCols(d).setZero();
    }
    z *= rho_1();
    s_dw.rightCols(d).setZero();
  }

  void increment(double t, double h, In state, In dw, Out scratch, Out change) const override {
    if (!noise_.simple()) return Sde::increment(t, h, state, dw, scratch, change);
    const Index d = noise_.dimension();
    noise_.context().landscape->gradient(state.leftCols(d), scratch.leftCols(d));
    const Rates rates = rates_at(t);
    const double root = std::sqrt(noise_.learning_rate());
    const double fresh = settings_.form == AdamForm::corrected ? c_1() : 0.0;
    for (Index i = 0; i < d; ++i) {
      const double deviation = noise_.deviations()(i);
      const double variance = deviation * deviation;
      const double* const xi = state.col(i).data();
      const double* const m = state.col(d + i).data();
      const double* const v = state.col(2 * d + i).data();
      const double* const g = scratch.col(i).data();
      const double* const w = dw.col(i).data();
      double* const dx = change.col(i).data();
      double* const dm = change.col(d + i).data();
      double* const dv = change.col(2 * d + i).data();
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) {
        const double missing = rates.squares * g[row] * g[row] + variance - v[row];
        const double rest = g[row] - m[row];
        const double z = root * deviation * w[row];
        const double p = std::sqrt(v[row] + rates.v_ahead * missing) + rates.epsilon;
        dv[row] = h * rates.rho_2 * missing;
        dm[row] = rates.rho_1 * (h * rest + z);
        dx[row] =
            -rates.x * (h * (m[row] + rates.m_ahead * rest) + fresh * z) / p - h * rates.decay * xi[row];
      }
    }
  }

 private:
  /// The numbers in the equation at time t.
  struct Rates {
    double x;        ///< eta_t/eta sqrt(G_2)/G_1
    double epsilon;  ///< epsilon sqrt(G_2)
    double decay;    ///< eta_t/eta gamma
    double m_ahead, v_ahead;
    double squares;  ///< of (grad f)^2 in dV
    double rho_1, rho_2;
  };

  Rates rates_at(double t) const {
    const double ahead = t + noise_.learning_rate();
    const double g_1 = settings_.corrects_bias ? -std::expm1(-rho_1() * ahead) : 1.0;
    const double g_2 = settings_.corrects_bias ? -std::expm1(-rho_2() * ahead) : 1.0;
    const bool malladi = settings_.form == AdamForm::malladi;
    const double factor = noise_.rate_factor(t);
    return {.x = factor * std::sqrt(g_2) / g_1,
            .epsilon = settings_.epsilon * std::sqrt(g_2),
            .decay = factor * settings_.weight_decay,
            .m_ahead = malladi ? 0.0 : c_1(),
            .v_ahead = settings_.corrects_bias && !malladi ? c_2() : 0.0,
            .squares = malladi ? 0.0 : 1.0,
            .rho_1 = rho_1(),
            .rho_2 = rho_2()};
  }

  /// The columns of x from those of m, which hold sqrt(eta) Sigma^{1/2} dw.
  void fresh_noise(double t, In state, Out s_dw) const {
    const Index d = noise_.dimension();
    thread_local Batch gradient, variances;
    gradient.resize(state.rows(), d);
    variances.resize(state.rows(), d);
    noise_.context().landscape->gradient(state.leftCols(d), gradient);
    noise_.variances(t, state.leftCols(d), variances);
    const Rates rates = rates_at(t);
    const double c = c_1();
    for (Index i = 0; i < d; ++i) {
      const double* const g = gradient.col(i).data();
      const double* const variance = variances.col(i).data();
      const double* const v = state.col(2 * d + i).data();
      const double* const z = s_dw.col(d + i).data();
      double* const s = s_dw.col(i).data();
#pragma omp simd
      for (Index row = 0; row < state.rows(); ++row) {
        const double missing = rates.squares * g[row] * g[row] + variance[row] - v[row];
        const double p = std::sqrt(v[row] + rates.v_ahead * missing) + rates.epsilon;
        s[row] = -rates.x * c * z[row] / p;
      }
    }
  }

  double c_1() const { return 1.0 - settings_.beta_1; }
  double c_2() const { return 1.0 - settings_.beta_2; }
  double rho_1() const { return c_1() / noise_.learning_rate(); }
  double rho_2() const { return c_2() / noise_.learning_rate(); }

  AdaptiveNoise noise_;
  Settings settings_;
};

std::unique_ptr<Sde> make(const char* name, bool decays, AdamForm form, const SdeContext& context,
                          const Parameters& parameters) {
  ParameterReader read(name, parameters);
  AdamSde::Settings settings{.name = name,
                             .form = form,
                             .beta_1 = read.scalar("beta_1", Range::unit(), 0.9),
                             .beta_2 = read.scalar("beta_2", Range::unit(), 0.999),
                             .epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8),
                             .weight_decay = decays ? read.scalar("gamma", Range::non_negative()) : 0.0,
                             .corrects_bias = read.flag("bias_correction", true),
                             .initial_v = {}};
  if (read.has("initial_v")) {
    if (settings.corrects_bias) {
      throw InvalidParameter(name, "initial_v", "needs bias_correction = 0: the correction assumes V = 0");
    }
  }
  settings.initial_v = read.optional_list("initial_v", Range::positive());
  read.finish();
  return std::make_unique<AdamSde>(context, std::move(settings));
}

const Register<SdeEntry> adam{{
    .name = "adam",
    .reference = "Adam as printed in paper A, (124): dX has no noise of its own",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of adam", false, AdamForm::printed, context, parameters);
        },
}};

const Register<SdeEntry> adamw{{
    .name = "adamw",
    .reference = "AdamW as printed in paper A, (174): adam, with - gamma X dt in dX",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of adamw", true, AdamForm::printed, context, parameters);
        },
    .example = {{"gamma", {0.5}}},
}};

const Register<SdeEntry> adam_corrected{{
    .name = "adam-corrected",
    .reference = "adam, with the noise of the fresh gradient, sqrt(eta) eta rho_1 Sigma^{1/2} dW, in the "
                 "bracket of dX. "
                 "Correction of paper A, (124)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of adam-corrected", false, AdamForm::corrected, context, parameters);
        },
}};

const Register<SdeEntry> adamw_corrected{{
    .name = "adamw-corrected",
    .reference = "adam-corrected, with - gamma X dt in dX. Correction of paper A, (174)",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of adamw-corrected", true, AdamForm::corrected, context, parameters);
        },
    .example = {{"gamma", {0.5}}},
}};

const Register<SdeEntry> malladi{{
    .name = "adam-malladi",
    .reference = "dX = -(sqrt(G_2)/G_1) P^{-1} M dt, dV = rho_2 (diag Sigma - V) dt. Paper A, (188) and "
                 "(D.5); Malladi, "
                 "Lyu, Panigrahi and Arora, 2022",
    .make =
        [](const SdeContext& context, const Parameters& parameters) {
          return make("SDE of adam-malladi", false, AdamForm::malladi, context, parameters);
        },
}};

}  // namespace
}  // namespace sdelens
