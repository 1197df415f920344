#pragma once

#include <vector>

#include "reference/theory/lemma_3_2.hpp"
#include "suite/study/weak_error.hpp"

namespace sdelens {

/// The first two moments of sign(g + Z) in two dimensions, Z normal with correlated entries (Theorem 3.2).
struct SignMoments {
  double first, second;  ///< b
  double covariance;     ///< Sbar_12
  double product() const { return first * second + covariance; }
};

/// By the closed form.
/// @throw InvalidParameter as theory::gaussian_sign_covariance
SignMoments sign_moments(const theory::SignPair& pair);

/// The weak error of E exp(i(x1 + x2)), cosine and sine at once, on f = g'x, where every step of SignSGD has the same
/// law and its SDE has constant coefficients: powers of characteristic functions on both sides.
/// @param kept_covariance  what the SDE has for Sbar_12: all of it, or 0
WeakErrors linear_landscape_errors(const SignMoments& moments, double kept_covariance,
                                   const std::vector<double>& etas, double time);

}  // namespace sdelens
