#pragma once

#include <functional>
#include <vector>

#include "suite/study/ingredients.hpp"

/// What Lemma 3.4 compares in the three phases of SignSGD, by calculation. Y = lambda x / (sigma sqrt 2) is the argument
/// of Erf in the drift.
namespace sdelens {

/// 1 <= |Y| <= 3/2, both signs.
std::vector<double> both_sides_of_phase_2();

/// estimate(Y) against predict(Y), without sampling.
std::vector<Comparison> at_each(const std::vector<double>& ys,
                                const std::function<double(double y)>& estimate,
                                const std::function<double(double y)>& predict);

/// The law of SignSGD on its way from |Y| = 1.4 to |Y| = 1.1 of the mean, so that the whole law stays in phase 2, and the
/// bounds of phase 2 (b) at the mean Y.
struct WayThroughPhase2 {
  double side;      ///< of Y, 1 or -1
  double multiple;  ///< the squared distance a over eta
  std::vector<double> iterations{};
  std::vector<double> probability{}, bound{};  ///< P(|X - E X|^2 > a) by the exact chain, and as printed
  std::vector<double> variance{}, variance_bound{};
};

/// From either side for every distance.
/// @throw InvalidParameter if one step leads through the phase
std::vector<WayThroughPhase2> ways_through_phase_2(const Problem& problem,
                                                   const std::vector<double>& multiples);
std::vector<Comparison> deviations(const std::vector<WayThroughPhase2>& ways);
std::vector<Comparison> variances(const std::vector<WayThroughPhase2>& ways);

/// The drift -Erf(Y), which is the mean step of SignSGD over eta, against both sides of phase 2 (a).
std::vector<Comparison> drift_of_phase_2(Wording wording);
/// The drift -Erf(Y) against that of phase 1, -sign(Y), with the tail that it leaves out as the error.
std::vector<Comparison> drift_of_phase_1();
/// |x| at |Y| = 4, far enough in phase 1: Erfc(4) is 2e-8.
double far_out(const Problem& problem);
/// E x of SignSGD from there until it leaves phase 1, from either side, against the ODE of phase 1.
std::vector<Comparison> path_through_phase_1(const Problem& problem);

Figure figure_of_variance(const WayThroughPhase2& way);
Figure figure_of_deviations(const std::vector<WayThroughPhase2>& ways);
/// What the phases make of Erf(Y).
Figure figure_of_drift();

}  // namespace sdelens
