#include "sdelens/model/optimizer.hpp"

namespace {

/// x <- x - eta g / 2.
class HalfSgd final : public sdelens::Optimizer {
 public:
  sdelens::Index memory_columns(sdelens::Index) const override { return 0; }
  void initialise(sdelens::Out) const override {}
  void update(sdelens::Step step, sdelens::In gradient, sdelens::Out, sdelens::Out x) const override {
    x -= 0.5 * step.learning_rate * gradient;
  }
};

const sdelens::Register<sdelens::OptimizerEntry> half_sgd{{
    .name = "half-sgd",
    .reference = "none: shows that a user adds an optimizer in one file",
    .make = [](const sdelens::Parameters&) { return std::make_unique<HalfSgd>(); },
    .known = {.parameters = {}, .gradients = {4.0}, .iterates = {-0.2}},
}};

}  // namespace
