#pragma once

#include <vector>

#include "reference/theory/lemma_3_7.hpp"

namespace sdelens::theory {

/// E X_t'H X_t / 2 for the phase-3 SDE of SignSGD with diagonal H and Sigma, the sum over the coordinates of
///   (lambda / 2) M_t X_0^2 + (eta / 4) (1 - M_t) sigma / (sqrt(2 / pi) + (eta / pi) lambda / sigma),
///   M_t = exp(-2 (sqrt(2 / pi) lambda / sigma + (eta / pi) lambda^2 / sigma^2) t).
/// The formula is right as printed, unlike Lemma 3.7 with which it disagrees unless sigma = 1; the label of
/// the statement misplaces the factor 1/2.
/// @param coordinates  one for each coordinate, with one learning_rate
/// @throw InvalidParameter if there are none, a setting is outside its range, or time is negative
/// Source: Paper A, Lemma C.13, eqs. (81), (84).
double signsgd_expected_loss(const std::vector<QuadraticCoordinate>& coordinates, double time);

/// Its limit for t -> inf.
double signsgd_stationary_loss(const std::vector<QuadraticCoordinate>& coordinates);

}  // namespace sdelens::theory
