#pragma once

#include <string>
#include <vector>

#include "reference/theory/adaptive_scaling.hpp"
#include "reference/theory/lemma_3_5.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "suite/study/experiment.hpp"

namespace sdelens {

/// Adam(W) or RMSprop(W) on f(x) = x' diag(curvatures) x / 2 with Z ~ N(0, sigma^2 I).
struct AdaptiveRun {
  std::string optimizer;  ///< its name in the registry: "adam", "adamw", "rmsprop" or "rmspropw"
  std::vector<double> curvatures;
  double learning_rate;
  double sigma;
  double beta_1;              ///< 0 for RMSprop(W)
  double beta_2;              ///< beta of RMSprop(W)
  double weight_decay = 0.0;  ///< 0 for Adam and RMSprop

  bool has_momentum() const;
  bool decays() const;
  /// Of the optimizer. RMSprop(W) starts at v = sigma^2, Adam(W) at m = v = 0 with bias correction.
  Parameters parameters() const;
  /// r = eta lambda / sigma with the largest curvature, what the theory is small in.
  double ratio() const;
  double weight_decay_bias() const;
  /// How far the stationary law may be from its leading order in eta, relative: 0.35 r, and weight decay,
  /// eta gamma for RMSpropW and 1.2 eta gamma / (1 - beta_1) for AdamW, which sees it through the momentum.
  double first_order_margin() const;
  static const char* first_order_margin_reason();

  MeanField mean_field(double curvature) const;
  /// E f of the stationary law: in the mean-field approximation, and half the trace of H times the covariance of
  /// Lemma 3.14 (C.20, C.24, C.30).
  double mean_field_loss() const;
  double lemma_loss() const;
  /// The bound of Lemma 3.13 (C.19, C.23, C.28).
  theory::LossBound loss_bound(double start_loss) const;
};

/// The margin of a mean-field value, relative, and its reason.
inline constexpr double mean_field_margin = 3e-3;
inline constexpr const char* mean_field_margin_reason =
    "a closure: 0.3 % covers its deviation in every long simulation";

/// The run with learning rate kappa eta, batch size delta B, weight decay xi gamma, and
/// beta~ = 1 - kappa^2 (1 - beta) for each beta where `rescales_betas`. sigma is that of a batch: it becomes
/// sigma / sqrt(delta), and B stays 1.
/// @throw InvalidParameter if a beta~ is not in [0, 1)
AdaptiveRun rescaled(const AdaptiveRun& base, const theory::AdaptiveScaling& scaling,
                     bool rescales_betas = true);

}  // namespace sdelens
