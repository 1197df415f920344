#include "suite/study/panels/fig10.hpp"

#include <utility>

namespace sdelens {
namespace {

/// Euler-Maruyama steps in the time of one iteration.
constexpr std::uint64_t fine = 16;

}  // namespace

std::vector<SettingSpecification> adam_settings(double sigma, double iterations, std::vector<double> x0) {
  return {printed("eta", {1e-3}, Range::positive(), "learning rate η; t = k η"),
          printed("sigma", {sigma}, Range::positive(), "standard deviation of the gradient noise"),
          printed("beta_1", {0.9}, Range::unit(), "decay of the first moment"),
          printed("beta_2", {0.999}, Range::unit(), "decay of the second moment"),
          chosen("x0", std::move(x0), Range::finite(), "start; not printed"),
          printed("iterations", {iterations}, Range::at_least(100), "iterations of the optimizer"),
          printed("runs", {500}, replica_range(), "replicas at the standard tier")};
}

DescribedOptimizer adam_with_sdes(const Settings& settings, double gamma, const AdamExpectations& expected) {
  const bool decays = gamma > 0.0;
  Parameters parameters{{"beta_1", settings.list("beta_1")}, {"beta_2", settings.list("beta_2")}};
  if (decays) parameters["gamma"] = {gamma};
  const std::string name = decays ? "adamw" : "adam";
  const Choice adam{.name = name, .given = parameters};
  const Choice corrected{.name = name + "-corrected", .given = parameters};
  const std::string number = decays ? "(174)" : "(124)";
  return {.label = decays ? "AdamW" : "Adam",
          .choice = adam,
          .approximations = {{.id = "ours-drawn",
                              .label = "SDE " + number + ", dt = η",
                              .sde = euler_maruyama(adam),
                              .colour = 1,
                              .form = AdaptiveSde::adam,
                              .tracks = Verdict::fail},
                             {.id = "ours-fine",
                              .label = "SDE " + number + ", fine",
                              .sde = euler_maruyama(adam, fine),
                              .colour = 2,
                              .form = AdaptiveSde::adam,
                              .tracks = Verdict::fail,
                              .early_of = decays ? "" : "remark-C.25",
                              .same_floor = Verdict::fail},
                             {.id = "corrected-drawn",
                              .label = "corrected SDE, dt = η",
                              .sde = euler_maruyama(corrected),
                              .colour = 3,
                              .form = AdaptiveSde::adam_corrected,
                              .tracks = Verdict::pass,
                              .tracks_within = 0.02},
                             {.id = "corrected-fine",
                              .label = "corrected SDE, fine",
                              .sde = euler_maruyama(corrected, fine),
                              .colour = 4,
                              .form = AdaptiveSde::adam_corrected,
                              .tracks = expected.corrected_fine,
                              .same_floor = expected.corrected_fine}}};
}

void add_malladi(DescribedOptimizer& adam, bool settles) {
  const Choice malladi{.name = "adam-malladi", .given = adam.choice.given};
  adam.approximations.push_back({.id = "malladi-fine",
                                 .label = "Malladi (188), fine",
                                 .sde = euler_maruyama(malladi, fine),
                                 .colour = 5,
                                 .form = AdaptiveSde::adam_malladi,
                                 .departs = true,
                                 .departs_of = "remark-C.25"});
  adam.approximations.push_back({.id = "malladi-drawn",
                                 .label = "Malladi (188), dt = η",
                                 .sde = euler_maruyama(malladi),
                                 .colour = 6,
                                 .form = AdaptiveSde::adam_malladi,
                                 .departs = settles,
                                 .settles = settles});
}

}  // namespace sdelens
