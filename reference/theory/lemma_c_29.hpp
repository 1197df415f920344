#pragma once

#include "reference/theory/adaptive_scaling.hpp"

namespace sdelens::theory {

/// What the asymptotic loss of Adam on a quadratic depends on; H does not appear.
struct AdamLoss {
  double learning_rate;  ///< eta > 0
  double sigma;          ///< > 0, of the gradient noise of one sample, in every coordinate
  double dimension;      ///< d >= 1
  AdaptiveScaling scaling = {};
};

/// E f -> eta sigma d / (4 sqrt B) kappa / sqrt delta on f = x'Hx / 2, for every diagonal H > 0; an equality
/// at leading order in eta. The same for RMSprop.
/// (166) of the proof lacks H, (167) a factor 2 on both terms, and (168) has t -> 0 for t -> inf; the value
/// stands.
/// @throw InvalidParameter if a setting is outside its range
/// Source: Paper A, Lemma C.29.
double adam_asymptotic_loss(const AdamLoss& settings);

}  // namespace sdelens::theory
