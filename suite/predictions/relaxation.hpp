#pragma once

#include <cstdint>

#include "suite/predictions/prediction.hpp"

namespace sdelens {

/// How many iterations a run needs until its law is stationary, by coordinates or eigenvalues of H, the slowest.
struct Relaxation {
  double way;  ///< from far away at the speed eta of sign and adaptive methods, and until V forgets the start
  double time;  ///< the e-folding time of the mean near the minimum
  double
      factor;  ///< relaxation times that are needed: 10, and as many as the start's distance has e-folds in
               ///< standard deviations, so that the mean is within e^-10 of one

  double needed() const { return way + factor * time; }
};

/// Of SGD(W), SignSGD, RMSprop(W) and Adam(W) on a quadratic at a constant rate, from the linear equation near the
/// minimum; mu > 0 except for SGD(W), where the law is stationary as soon as linear_instability says nothing:
///   SGD(W)     -1 / log |1 - eta (lambda + gamma)|,
///   SignSGD    1 / (eta s lambda / sigma), s the slope of E sign,
///   others     1 / (eta (lambda / sqrt V + gamma)), at least 2 / (1 - beta_1).
/// @throw std::logic_error for another problem, or where SGD(W) does not contract
Relaxation relaxation(const Problem& problem);

/// Why the law at an iteration is not the stationary one; nothing if it is.
Objection unsettled(const Problem& problem, std::uint64_t iteration);

/// Why SGD(W) on a quadratic has no stationary law; nothing if 0 < eta (lambda + gamma) < 2 for all lambda.
Objection linear_instability(const Problem& problem);

/// Why SGD(W) has no stationary law on a quadratic or on mini-batches of linear regression; nothing if it has one, or
/// where it is not known.
Objection instability(const Problem& problem);

}  // namespace sdelens
