#pragma once

#include <vector>

#include "sdelens/core/wording.hpp"

/// Lemma 3.4 (C.9) of Paper A: SignSGD with noise N(0, sigma^2) in three phases of Y, the argument of Erf in
/// the drift -Erf(Y): Y = f'(X) / (sigma sqrt 2).
namespace sdelens::theory {

/// signal: |Y| > 3/2. mixed: 1 < |Y| <= 3/2. noise: |Y| <= 1. The lemma leaves the two boundaries open.
enum class Phase { signal, mixed, noise };

/// @throw InvalidParameter if y is NaN
Phase phase(double y);

/// Where phase 1 ends, and where phase 3 begins.
constexpr double kSignalBoundary = 1.5;
constexpr double kNoiseBoundary = 1.0;

/// The lines that enclose Erf(y) on [1, 3/2], m y + q1 <= Erf(y) <= m y + q2: the chord, and the tangent
/// parallel to it.
struct PhaseConstants {
  double slope;           ///< m = 2 (Erf(3/2) - Erf(1)) = 0.24681
  double low_intercept;   ///< q1 = Erf(1) - m = 0.59589
  double high_intercept;  ///< q2 = Erf(y*) - m y* = 0.61448
  double tangent_point;   ///< y*, where (2 / sqrt pi) exp(-y*^2) = m
};

PhaseConstants phase_constants();

/// The drift of phase 1, -sign(Y); its error there is at most 1 - Erf(3/2) = 3.4%, and the noise left out is
/// sqrt(eta) sqrt(1 - Erf(Y)^2) <= 0.258 sqrt(eta).
/// @throw InvalidParameter if y is NaN
double signal_phase_drift(double y);

/// Bounds of the drift in phase 2.
struct DriftBounds {
  double low, high;
};

/// Corrected: -Erf(Y) lies between -sign(Y) (m |Y| + q2) and -sign(Y) (m |Y| + q1). Printed: the same with +
/// for the leading sign, which encloses +Erf(Y): the minus of the drift is lost.
/// @throw InvalidParameter unless 1 <= |y| <= 3/2
DriftBounds mixed_phase_drift(double y, Wording form);

/// Bound of phase 2 for P(|X_t - E X_t|^2 > a), t <= 1, at given values of Y = (Y_1, ..., Y_d):
/// (eta / a)(d - sum_i s_i^2). Corrected: s_i = m |Y_i| + q1. Printed: s_i = m Y_i + q^-_i with q^- = q1 for
/// Y_i > 0 and -q2 for Y_i < 0, which is above Erf(Y_i)^2 for Y_i < 0, so that the bound can be too small.
/// The printed proof takes the rate of the variance for the variance; for t > 1 the bound is multiplied by t.
struct MixedPhaseDeviation {
  double learning_rate;  ///< eta > 0
  double distance;       ///< a > 0, a squared distance
};

/// @throw InvalidParameter unless 1 <= |Y_i| <= 3/2 for all i and the settings are positive
double mixed_phase_deviation(const MixedPhaseDeviation& settings, const std::vector<double>& y, Wording form);

/// Phase 3: dX = -(2 / sqrt pi) Y dt + sqrt(eta) sqrt(1 - (4 / pi) Y^2) dW.
/// Its proof lacks the factor x in "Erf(x) ~ 2 / sqrt pi".
/// @throw InvalidParameter unless |y| <= 1
/// Source: Paper A, eq. (5).
double noise_phase_drift(double y);

/// Real only for |Y| <= sqrt(pi) / 2 = 0.886, not on the whole of |Y| < 1 as the lemma says.
/// @throw InvalidParameter unless |y| <= sqrt(pi) / 2 and learning_rate is positive
double noise_phase_diffusion(double y, double learning_rate);

}  // namespace sdelens::theory
