#include "reference/theory/lemma_e_2.hpp"

#include "sdelens/core/check.hpp"

namespace sdelens::theory {
namespace {

constexpr const char* kOwner = "scaled_sgd_loss_bound";

}  // namespace

LossBound scaled_sgd_loss_bound(const SgdLoss& base, const AdaptiveScaling& scaling, SgdClock clock) {
  const double kappa = require_positive(kOwner, "learning_rate_scale", scaling.learning_rate_scale);
  const double samples = require_positive(kOwner, "batch_size", scaling.batch_size) *
                         require_positive(kOwner, "batch_size_scale", scaling.batch_size_scale);
  if (scaling.weight_decay_scale != 1.0)
    throw InvalidParameter(kOwner, "weight_decay_scale", "must be 1: SGD has no weight decay");
  LossBound bound = sgd_loss_bound(base);
  bound.limit *= kappa / samples;
  if (clock == SgdClock::base) bound.rate *= kappa;
  return bound;
}

}  // namespace sdelens::theory
