#pragma once

#include <optional>

#include "sdelens/model/problem.hpp"
#include "suite/predictions/margin.hpp"

namespace sdelens {

/// The margins that more than one statement has, each written once. Those of a law are relative to its variance, and to
/// the loss that it has on a quadratic.

/// Of two calculations of the same formula, or of a bound that an exact calculation keeps: some thousand roundings of
/// doubles, relative.
Margin rounding_margin();

/// Of a bound that is asymptotic: a factor of two is granted.
Margin asymptotic_margin();

/// Of the mean field, which is a closure: what covers its deviation in every long simulation of RMSprop(W) and Adam(W)
/// with beta_2 >= 0.999 and eta lambda / sigma <= 1.
Margin mean_field_margin();
/// The same at any beta_2: 1 - beta_2 more for the fluctuation of V, which the mean field leaves out.
Margin mean_field_margin_with_fluctuation(const Problem& problem);

/// Of V held at sigma^2, which it is at leading order in eta only: 0.35 r, r = eta lambda / sigma.
Margin second_moment_margin(const Problem& problem);

/// Of the lemmas about RMSprop(W) and Adam(W) with V held at sigma^2, between them and the optimizer, at the largest
/// r = eta lambda / sigma: 0.35 r, and weight decay, eta gamma without momentum and 1.2 eta gamma / (1 - beta_1) with it.
/// Without momentum x <- (1 - eta gamma - h lambda) x + ... has the stationary variance of its SDE times
/// 1 / (1 - (eta gamma + h lambda) / 2): what decay adds is at most eta gamma, and 1.2 covers nothing more. With it the
/// recursion is of order two, and its factor (1 - beta_1) / (1 - beta_1 + beta_1 eta gamma) leads.
Margin adaptive_margin(const Problem& problem);
/// The same at the curvature and deviation of one coordinate.
Margin adaptive_margin(const Problem& problem, Index i);
/// Whether it was measured there: eta lambda / sigma <= 0.3, eta gamma / (1 - beta_1) <= 0.3, beta_2 >= 0.999.
bool adaptive_margin_is_measured(const Problem& problem, double ratio);
/// Of V held at sigma^2 on the way from the start, where it is up to sigma^2 + (lambda x_0)^2.
Margin descent_margin(const Problem& problem);
/// Of the ratio of the stationary losses of two runs of RMSprop(W) or Adam(W) of which the lemmas have the same: 0.35 r
/// of the larger r, and weight decay, of the larger eta gamma without momentum. With it eta gamma / (1 - beta_1) is the
/// same in runs of one scaling rule, and what it adds carries a factor beta_1: 1.2 of the difference is left.
Margin adaptive_rescaling_margin(const Problem& base, const Problem& rescaled);

/// Of the lemmas about the SDE of SGD(W), between them and the optimizer: its stationary variance is
/// 1 / (1 - eta (lambda + gamma) / 2) of theirs, 0.6 eta (lambda + gamma) at the largest lambda.
Margin linear_margin(const Problem& problem);
/// The same of the ratio of the stationary losses of two runs, where it is of the difference of their learning rates.
Margin linear_rescaling_margin(const Problem& base, const Problem& rescaled);

/// The one or the other, as the optimizer has it.
Margin rescaling_margin(const Problem& base, const Problem& rescaled);

/// Of the SDE of SignSGD, Corollary 3.3, of first weak order: 0.8 r at the largest r = eta lambda / sigma.
Margin sign_sde_margin(const Problem& problem);
/// Of the ODE of phase 1 after a time in it, absolute: the drift is off by at most 1 - Erf(3/2).
Margin signal_phase_margin(double time);

/// Of a weak order that is extrapolated from halved learning rates.
Margin order_margin();

/// Of the Gaussian closure of SignSGD under a schedule that begins at eta lambda / sigma <= 0.2.
Margin sign_closure_margin();

/// Of the lemmas about the linear SDE of phase 3, between it and SignSGD: 0.8 eta lambda / sigma, measured up to 0.3.
Margin phase_3_margin(const Problem& problem, Index i);
bool phase_3_margin_is_measured(const Problem& problem, Index i);

}  // namespace sdelens
