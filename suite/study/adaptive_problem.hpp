#pragma once

#include <string>
#include <vector>

#include "reference/theory/adaptive_scaling.hpp"
#include "suite/predictions/theory_settings.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {

/// RMSprop(W) and Adam(W), by their names in the registry.
bool has_momentum(const std::string& optimizer);
bool decays(const std::string& optimizer);

/// What the paper calls it, "RMSpropW", and where it has its SDE, "(113)".
/// @throw UnknownName for another optimizer
std::string label_of(const std::string& optimizer);
std::string number_of_sde(const std::string& optimizer);

/// What the four methods have; each takes what is its own.
struct AdaptiveParameters {
  double beta_1;        ///< of Adam(W)
  double beta_2;        ///< beta of RMSprop(W)
  double weight_decay;  ///< gamma of RMSpropW and AdamW
};

/// With the settings "beta_1", "beta_2" and "gamma".
AdaptiveParameters adaptive_parameters(const Settings& settings);

/// On f(x) = x' diag(curvatures) x / 2 with Z ~ N(0, sigma^2 I), from the minimum if nothing else is said. RMSprop(W) starts at v = sigma^2, Adam(W) at m = v = 0
/// with bias correction.
Problem adaptive_problem(const std::string& optimizer, const AdaptiveParameters& parameters,
                         const std::vector<double>& curvatures, double sigma, double learning_rate,
                         Point start = {});
/// With the settings "sigma" and "eta".
Problem adaptive_of(const Settings& settings, const std::string& optimizer,
                    const AdaptiveParameters& parameters, const std::vector<double>& curvatures,
                    Point start = {});

/// The problem in the stationary law of a mean field from the beginning: x at the root of the stationary variance, v at
/// its stationary mean, without bias correction.
/// @param law  mean_field, or mean_field_of_sde
Problem in_stationary_law(const Problem& problem, MeanField (*law)(const MeanFieldSettings&) = mean_field);

/// The problem with learning rate kappa eta, batch size delta B, weight decay xi gamma, and
/// beta~ = 1 - kappa^2 (1 - beta) for each beta. sigma is that of a batch: it becomes sigma / sqrt(delta B), and what v
/// starts from is divided by delta B.
/// @throw InvalidParameter if a beta~ is not in [0, 1)
Problem rescaled(const Problem& base, const theory::AdaptiveScaling& scaling);

}  // namespace sdelens
