#include "reference/theory/lemma_3_6.hpp"

#include "sdelens/core/check.hpp"

namespace sdelens::theory {

LossBound sgd_loss_bound(const SgdLoss& settings) {
  require_positive("SgdLoss", "learning_rate", settings.learning_rate);
  require_positive("SgdLoss", "strong_convexity", settings.strong_convexity);
  require_positive("SgdLoss", "hessian_trace", settings.hessian_trace);
  require_positive("SgdLoss", "largest_sigma", settings.largest_sigma);
  require_in(Range::non_negative(), "SgdLoss", "start_loss", settings.start_loss);
  const double noise = settings.hessian_trace * settings.largest_sigma * settings.largest_sigma;
  return {.rate = 2.0 * settings.strong_convexity,
          .limit = 0.25 * settings.learning_rate * noise / settings.strong_convexity,
          .start = settings.start_loss};
}

}  // namespace sdelens::theory
