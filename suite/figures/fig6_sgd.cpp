#include <numeric>

#include "reference/theory/lemma_3_6.hpp"
#include "sdelens/exact/linear_recursion.hpp"
#include "suite/study/panels/fig6.hpp"

namespace sdelens {
namespace {

double largest_curvature(const Settings& settings) { return settings.point("curvatures").maxCoeff(); }

double exact_loss(const Settings& settings, double sigma) {
  const Point curvatures = settings.point("curvatures");
  const auto d = curvatures.size();
  const Eigen::MatrixXd covariance =
      stationary_covariance({.hessian = curvatures.asDiagonal(),
                             .noise_covariance = sigma * sigma * Eigen::MatrixXd::Identity(d, d),
                             .learning_rate = settings.scalar("eta")});
  return 0.5 * curvatures.dot(covariance.diagonal());
}

double printed_limit(const Settings& settings, double sigma) {
  const Point curvatures = settings.point("curvatures");
  return theory::sgd_loss_bound({.learning_rate = settings.scalar("eta"),
                                 .strong_convexity = curvatures.minCoeff(),
                                 .hessian_trace = curvatures.sum(),
                                 .largest_sigma = sigma,
                                 .start_loss = 0.0})
      .limit;
}

const NoisePanel panel{
    .optimizer = "sgd",
    .label = "SGD",
    .item = "Figure 6, SGD; Lemma 3.6",
    .lemma = "3.6",
    .parameters = [](const Settings&) { return Parameters{}; },
    .oracle = exact_loss,
    .oracle_name = "exact linear recursion",
    .oracle_margin = {},
    .oracle_margin_reason = "",
    .resolution = [](double) { return 0.01; },
    .limit = printed_limit,
    .limit_statement = "The asymptotic loss of SGD is (η/2) L_τ σ²/(2μ), with equality for H = λI",
    .limit_margin = [](const Settings& s, double) { return 0.6 * s.scalar("eta") * largest_curvature(s); },
    .limit_margin_reason = "the optimizer is 1/(1 − ηλ/2) of its SDE: ηλ/2 at first order",
    .limit_applies = [](const Settings& s,
                        double) { return s.scalar("eta") * largest_curvature(s) <= largest_linear_ratio; },
    .limit_fails = [](const Settings&, double) { return false; },
};

const Register<Experiment> fig6_sgd{{
    .name = "fig6-sgd",
    .title = "Noise and the asymptotic loss of SGD",
    .summary = "SGD at five noise levels. Lemma 3.6 predicts an asymptotic loss that is quadratic in σ.",
    .source = {.paper = "A", .item = "Figure 6, SGD; Lemma 3.6"},
    .lemmas = {"3.6"},
    .settings = noise_settings(),
    .design =
        [](const Settings& settings, Simulations& simulations) {
          return design_noise_panel(
              panel, settings, simulations, [settings](Findings& out, const std::vector<double>& losses) {
                out.expect(
                    {.id = "slope",
                     .statement = "The asymptotic loss of SGD is quadratic in σ: slope 2 in the log-log plot",
                     .source = {.paper = "A", .item = "Figure 6, SGD; Lemma 3.6"},
                     .lemmas = {"3.6"},
                     .margin = {.absolute = 1e-9},
                     .margin_reason = "rounding: the recursion is exactly quadratic in σ"},
                    {.value = 2.0}, exactly(log_slope(settings, losses, 0, losses.size() - 1)));
              });
        },
}};

}  // namespace
}  // namespace sdelens
