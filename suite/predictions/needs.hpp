#pragma once

#include <string>
#include <vector>

#include "suite/predictions/prediction.hpp"

/// What predictions ask of a problem. Each function gives the objection, if there is one. Those that speak of
/// curvatures or of sigma_i presume what they are defined for: they come after it in a list of needs.
namespace sdelens::needs {

Need optimizer(std::vector<std::string> names);
/// One of these SDEs is simulated.
Need sde(std::vector<std::string> names);

/// Predictions work with H and Sigma as d by d matrices, and their eigenvalues: for at most 512 coordinates.
Objection few_coordinates(const Problem& problem);
Objection quadratic(const Problem& problem);
/// A quadratic with diagonal H.
Objection diagonal_quadratic(const Problem& problem);
/// Mini-batches of linear regression by their law.
Objection linear_regression(const Problem& problem);
Objection one_coordinate(const Problem& problem);
/// f(x) = sum f_i(x_i).
Objection separable(const Problem& problem);
/// mu > 0.
Objection strong_convexity(const Problem& problem);

Objection gaussian_noise(const Problem& problem);
Objection student_t_noise(const Problem& problem);
/// Normal or Student's t: the laws whose signs are known.
Objection known_noise(const Problem& problem);
Objection uncorrelated_noise(const Problem& problem);
Objection finite_covariance(const Problem& problem);
/// Sigma = sigma^2 I.
Objection equal_sigma(const Problem& problem);

Objection constant_rate(const Problem& problem);
Objection varying_rate(const Problem& problem);
Objection polynomial_rate(const Problem& problem);

/// |Y_i| <= bound at the start, Y = Sigma^{-1/2} grad f / sqrt 2.
Need start_within(double bound);
/// |Y_i| >= bound for all i until the end of the run, if no coordinate moves by more than eta an iteration.
/// @param phase  what that means: "phase 1, |Y_i| > 3/2"
Need signal_stays_above(double bound, std::string phase);
/// The linear SDE of phase 3 is defined where |s Sigma^{-1/2} grad f| <= 1, s the slope of E sign: at the start.
Objection start_in_domain_of_phase_3(const Question& question);
/// At most 1% of the stationary law of the linear SDE of phase 3 is where it is not defined.
Objection stationary_law_in_domain_of_phase_3(const Problem& problem);

/// eta (lambda_i + gamma) < 1: the SDE of SGD(W) stands for it at leading order.
Objection small_step(const Problem& problem);
/// eta lambda_i / sigma_i < 1 for all i: the statement is of leading order in it.
Objection small_ratio(const Problem& problem);
/// V is held at its mean: beta_2 >= 0.99.
Objection slow_second_moment(const Problem& problem);
/// epsilon <= sigma_i / 1000: the statement leaves it out.
Objection negligible_epsilon(const Problem& problem);
/// eta gamma < 1 - beta_1: the momentum is faster than the decay.
Objection slow_decay(const Problem& problem);

}  // namespace sdelens::needs
