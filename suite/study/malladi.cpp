#include "suite/study/malladi.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace sdelens {
namespace {

constexpr ExpectedOrder order_one{.order = 1.0, .relation = Relation::at_least};

}  // namespace

TwoForms two_forms(const Problem& problem, const Stream& stream) {
  const double eta = problem.learning_rate;
  const Parameters& parameters = problem.optimizer.given;
  const std::string sde = problem.optimizer.name + "-malladi";
  Parameters original = parameters;
  original["sigma"] = {problem.sigmas()(0)};
  const auto path = [&](const std::string& name, const Parameters& own, double step_length) {
    return Pace{.process = integrate({.sde = make_sde(name, problem.context(), own),
                                      .integrator = "euler-maruyama",
                                      .learning_rate = step_length,
                                      .start = problem.start,
                                      .stream = stream})};
  };
  return {problem, side_by_side(path(sde + "-original", original, eta * eta), path(sde, parameters, eta))};
}

std::vector<Comparison> largest_differences(const TwoForms& forms, Index replicas, std::uint64_t steps) {
  const Index columns = forms.columns();
  const double sigma = forms.problem.sigmas()(0);
  Eigen::ArrayXd difference = Eigen::ArrayXd::Zero(columns);
  Eigen::ArrayXd size = Eigen::ArrayXd::Zero(columns);
  const auto paths = forms.process->start(0, replicas);
  for (std::uint64_t step = 0; step <= steps; ++step) {
    if (step > 0) paths->advance();
    Batch state = paths->state();
    state.col(columns - 1) *= sigma * sigma;
    const Batch gap = (state.leftCols(columns) - state.rightCols(columns)).abs();
    for (Index i = 0; i < columns; ++i) {
      // The maximum of a NaN and a number may be the number: a sum is NaN for sure.
      if (!std::isfinite(gap.col(i).sum())) difference(i) = std::numeric_limits<double>::quiet_NaN();
      difference(i) =
          std::isnan(difference(i)) ? difference(i) : std::max(difference(i), gap.col(i).maxCoeff());
      size(i) = std::max(size(i), state.rightCols(columns).col(i).abs().maxCoeff());
    }
  }
  std::vector<std::string> names{"x", "V"};
  if (columns == 3) names.insert(names.begin() + 1, "m");
  std::vector<Comparison> result;
  for (Index i = 0; i < columns; ++i) {
    result.push_back({.where = names[static_cast<std::size_t>(i)],
                      .prediction = {.value = 0.0},
                      .measurement = exactly(difference(i) / size(i))});
  }
  return result;
}

ClaimBuilder expect_order_near(Findings& out, const std::string& optimizer, const std::string& observable,
                               const CoupledErrors& errors, const Expansion& expansion) {
  return expect_order(
      out.claim("near/{}", observable)
          .says(
              "From x₀ = √η, where ∇f = O(√η), E {} of Malladi's SDE is that of {} to order 1 in η at least",
              observable, optimizer),
      order_one, errors, observable, expansion);
}

ClaimBuilder refute_order_away(Findings& out, const std::string& optimizer, const std::string& observable,
                               const CoupledErrors& errors, const Expansion& expansion) {
  return expect_order(out.claim("away/{}", observable)
                          .says("Without that condition, from x₀ = 1, E {} of Malladi's SDE is that of {} to "
                                "order 1 in η at least",
                                observable, optimizer),
                      order_one, errors, observable, expansion)
      .is_refuted();
}

void draw_malladi_errors(Findings& out, std::string title, std::string caption, const CoupledErrors& near,
                         const CoupledErrors& away) {
  out.figure("weak-error", std::move(title))
      .caption(std::move(caption))
      .x({.label = "learning rate η", .logarithmic = true})
      .y({.label = "|E g(x) − E g(X)| at T", .logarithmic = true})
      .add(near.curve("x", "x₀ = √η, g = x", Role::sde, 0))
      .add(near.curve("v", "x₀ = √η, g = v", Role::sde, 1))
      .add(away.curve("x", "x₀ = 1, g = x", Role::sde, 2))
      .add(away.curve("v", "x₀ = 1, g = v", Role::sde, 3))
      .add(near.guide("v", 1.0, "∝ η", 5));
}

}  // namespace sdelens
