#pragma once

namespace sdelens::theory {

/// How a run of Adam(W) or RMSprop(W) is rescaled from a base run, as the scaling rules of Paper A name it:
/// learning rate kappa eta, batch size delta B, weight decay xi gamma.
struct AdaptiveScaling {
  double batch_size = 1.0;           ///< B > 0
  double learning_rate_scale = 1.0;  ///< kappa > 0
  double batch_size_scale = 1.0;     ///< delta > 0
  double weight_decay_scale = 1.0;   ///< xi > 0
};

}  // namespace sdelens::theory
