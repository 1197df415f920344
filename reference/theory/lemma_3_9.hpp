#pragma once

/// Lemma 3.9 and C.11 of Paper A: SignSGD and SGD with the learning rate eta eta_t, eta_t -> 0.
namespace sdelens::theory {

struct ScheduledLoss {
  double learning_rate;     ///< eta > 0
  double strong_convexity;  ///< mu > 0, used by the bounds
  double hessian_trace;     ///< L_tau > 0, used by the bounds
  double sigma;             ///< > 0, the largest
  double dimension;         ///< d >= 1, used by the asymptotes
};

/// What E f is asymptotically at most, at the schedule's factor eta_t:
///   SignSGD  (L_tau sigma / (4 mu)) sqrt(pi / 2) eta eta_t,      SGD  (L_tau sigma^2 / (4 mu)) eta eta_t.
/// The printed hypotheses, int eta_s ds = inf and eta_t -> 0, give E f -> 0, which is C.11, but not this rate, which is
/// (6) of Lemma 3.9, with eta_t in print for eta eta_t: it also needs eta_t' / eta_t^2 -> 0, see polynomial_rate_holds.
/// @throw InvalidParameter if a setting is outside its range or factor is not positive
/// Source: Paper A, Lemma 3.9 and the remark on SGD after it.
double scheduled_signsgd_bound(const ScheduledLoss& settings, double factor);
double scheduled_sgd_bound(const ScheduledLoss& settings, double factor);

/// What E f tends to itself on f = x'Hx / 2 with diagonal H and Sigma = sigma^2 I, at leading order and under
/// the same condition; H drops out:
///   SignSGD  (sigma d / 4) sqrt(pi / 2) eta eta_t,      SGD  (sigma^2 d / 4) eta eta_t.
/// It equals the bound for H = lambda I and is d mu / L_tau of it otherwise.
/// @throw InvalidParameter if a setting is outside its range or factor is not positive
/// Source: re-derived from E X_i^2 ~ eta eta_t s_i / (2 b_i).
double scheduled_signsgd_asymptote(const ScheduledLoss& settings, double factor);
double scheduled_sgd_asymptote(const ScheduledLoss& settings, double factor);

/// |eta_t'| / eta_t^2 = p (t + 1)^{p - 1} of eta_t = (t + 1)^{-p}, with the iteration for t.
/// @throw InvalidParameter unless exponent is positive and iteration not negative
double polynomial_rate_ratio(double exponent, double iteration);

/// Whether int eta_s ds = inf for eta_t = (t + 1)^{-p}, so that E f -> 0: p <= 1.
/// @throw InvalidParameter unless exponent is positive
bool polynomial_loss_vanishes(double exponent);

/// Whether polynomial_rate_ratio -> 0, so that E f falls like eta_t: p < 1. At p = 1 the loss falls like
/// k^{-2 eta b}, b = sqrt(2 / pi) lambda / sigma the slowest speed, whenever that is slower.
/// @throw InvalidParameter unless exponent is positive
bool polynomial_rate_holds(double exponent);

}  // namespace sdelens::theory
