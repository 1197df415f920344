#include <array>
#include <cmath>

#include "sdelens/model/elementwise_sde.hpp"
#include "sdelens/model/sdes/adaptive.hpp"

namespace sdelens {
namespace {

/// The equations of Malladi et al. in their own variables: time t' = eta^2 k = eta t, gradient noise sigma^2 Sigma' for
/// what is Sigma elsewhere, u = V / sigma^2, sigma_0 = sigma eta, epsilon_0 = epsilon eta, c_i = (1 - beta_i) / eta^2.
template <class P>
struct MalladiUnits {
  P sigma;

  P sigma_0(const P& eta) const { return sigma * eta; }
  P per_variance() const { return 1.0 / (sigma * sigma); }
  static P c(const P& beta, const P& eta) { return (1.0 - beta) / (eta * eta); }
  /// The iteration of the time t'.
  static P iteration(const P& t, const P& eta) { return t / (eta * eta); }
};

/// dX = -P^{-1} (grad f dt' + sigma_0 Sigma'^{1/2} dW),   P = sigma_0 sqrt(u) + epsilon_0,
/// du = c_2 (diag Sigma' - u) dt'.
template <class P>
struct MalladiRmsProp : MalladiUnits<P> {
  P beta, epsilon;

  static constexpr const char* name = "SDE of rmsprop-malladi-original";
  static constexpr std::array columns{"u"};
  static constexpr std::array motions{Motion::gradient_noise};
  static constexpr Reads drift_reads{.gradient = true, .deviation = true};
  static constexpr Reads diffusion_reads{};

  struct Numbers {
    P sigma_0, epsilon_0, noise_rate, c_2, per_variance;
  };

  Numbers at(const P&, const P& eta, const P&) const {
    const P sigma_0 = this->sigma_0(eta);
    return {.sigma_0 = sigma_0,
            .epsilon_0 = epsilon * eta,
            .noise_rate = sigma_0 / this->sigma,
            .c_2 = this->c(beta, eta),
            .per_variance = this->per_variance()};
  }

  template <class T, class H, class W>
  void change(const Numbers& now, const H& h, const Local<T>& here, const W& w, const T&, const T& u, T& dx,
              T& du) const {
    using std::sqrt;
    const T p = -(now.sigma_0 * sqrt(u) + now.epsilon_0);
    du = h * (now.c_2 * (now.per_variance * (here.deviation * here.deviation) - u));
    dx = h * (here.gradient / p) + w[0] * now.noise_rate / p;
  }
};

/// dX = -(sqrt(G_2)/G_1) P^{-1} m dt',   P = sigma_0 sqrt(u) + epsilon_0 sqrt(G_2),   G_i = 1 - exp(-c_i t'),
/// dm = c_1 (grad f - m) dt' + sigma_0 c_1 Sigma'^{1/2} dW,   du = c_2 (diag Sigma' - u) dt'.
/// G_i is read one iteration ahead, and the start is the first iteration's mean, as in adam-malladi.
template <class P>
struct MalladiAdam : MalladiUnits<P> {
  P beta_1, beta_2, epsilon;

  static constexpr const char* name = "SDE of adam-malladi-original";
  static constexpr std::array columns{"m", "u"};
  static constexpr std::array motions{Motion::gradient_noise};
  static constexpr Reads drift_reads{.gradient = true, .deviation = true};
  static constexpr Reads diffusion_reads{};

  struct Numbers {
    P rate, sigma_0, epsilon_0, noise_rate, c_1, c_2, per_variance;
  };

  Numbers at(const P& t, const P& eta, const P&) const {
    using std::sqrt;
    const P c_1 = this->c(beta_1, eta);
    const P c_2 = this->c(beta_2, eta);
    const P ahead = t + eta * eta;
    const P g_1 = one_minus_exp(P(c_1 * ahead));
    const P g_2 = one_minus_exp(P(c_2 * ahead));
    const P sigma_0 = this->sigma_0(eta);
    return {.rate = sqrt(g_2) / g_1,
            .sigma_0 = sigma_0,
            .epsilon_0 = epsilon * eta * sqrt(g_2),
            .noise_rate = c_1 * sigma_0 / this->sigma,
            .c_1 = c_1,
            .c_2 = c_2,
            .per_variance = this->per_variance()};
  }

  template <class T, class H, class W>
  void change(const Numbers& now, const H& h, const Local<T>& here, const W& w, const T&, const T& m,
              const T& u, T& dx, T& dm, T& du) const {
    using std::sqrt;
    dx = h * (-now.rate * m / (now.sigma_0 * sqrt(u) + now.epsilon_0));
    dm = h * (now.c_1 * (here.gradient - m)) + w[0] * now.noise_rate;
    du = h * (now.c_2 * (now.per_variance * (here.deviation * here.deviation) - u));
  }
};

std::unique_ptr<Sde> make_rmsprop(const SdeContext& context, const Parameters& parameters) {
  constexpr const char* name = MalladiRmsProp<double>::name;
  ParameterReader read(name, parameters);
  MalladiRmsProp<double> equation;
  equation.beta = read.scalar("beta", Range::unit(), 0.999);
  equation.epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  equation.sigma = read.scalar("sigma", Range::positive());
  std::vector<double> initial_v = read.optional_list("initial_v", Range::positive());
  read.finish();
  const double variance = equation.sigma * equation.sigma;
  return elementwise_sde(name, context, equation,
                         [variance, start = started_at_mean_squares(name, context, std::move(initial_v))](
                             const Local<double>& here, Index i, std::span<double> columns) {
                           start(here, i, columns);
                           columns[0] /= variance;
                         });
}

std::unique_ptr<Sde> make_adam(const SdeContext& context, const Parameters& parameters) {
  constexpr const char* name = MalladiAdam<double>::name;
  ParameterReader read(name, parameters);
  MalladiAdam<double> equation;
  equation.beta_1 = read.scalar("beta_1", Range::unit(), 0.9);
  equation.beta_2 = read.scalar("beta_2", Range::unit(), 0.999);
  equation.epsilon = read.scalar("epsilon", Range::non_negative(), 1e-8);
  equation.sigma = read.scalar("sigma", Range::positive());
  read.finish();
  const double eta = context.learning_rate;
  return elementwise_sde(
      name, context, equation, [equation, eta](const Local<double>& here, Index, std::span<double> columns) {
        const double square = here.gradient * here.gradient;
        const double variance = square + here.deviation * here.deviation - square;
        const double iteration = eta * eta;
        columns[0] = equation.c(equation.beta_1, eta) * iteration * here.gradient;
        columns[1] =
            equation.c(equation.beta_2, eta) * iteration * variance / (equation.sigma * equation.sigma);
      });
}

const Register<SdeEntry> rmsprop{{
    .name = "rmsprop-malladi-original",
    .reference =
        "dX = -P^{-1} (grad f dt' + sigma_0 Sigma'^{1/2} dW), du = c_2 (diag Sigma' - u) dt', in the time "
        "t' = eta^2 k of Malladi, Lyu, Panigrahi and Arora, 2022. Paper A, (D.1)",
    .make = make_rmsprop,
    .example = {{"sigma", {0.7}}},
}};

const Register<SdeEntry> adam{{
    .name = "adam-malladi-original",
    .reference =
        "dX = -(sqrt(G_2)/G_1) P^{-1} m dt', dm = c_1 (grad f - m) dt' + sigma_0 c_1 Sigma'^{1/2} dW, in the "
        "time t' = eta^2 k of Malladi, Lyu, Panigrahi and Arora, 2022. Paper A, (D.4)",
    .make = make_adam,
    .example = {{"sigma", {0.7}}},
}};

}  // namespace
}  // namespace sdelens
