#include "sdelens/model/optimizer.hpp"

namespace sdelens {
namespace {

/// x <- x - eta sign(g), sign(0) = +1; a gradient that is not a number stays one.
class SignSgd final : public Optimizer {
 public:
  Index memory_columns(Index) const override { return 0; }
  void initialise(Out) const override {}
  void update(Step step, In gradient, Out, Out x) const override {
    const double rate = step.learning_rate;
    for (Index i = 0; i < x.cols(); ++i) {
      const double* const g = gradient.col(i).data();
      double* const xi = x.col(i).data();
      for (Index row = 0; row < x.rows(); ++row) {
        const double sign = g[row] >= 0.0 ? 1.0 : g[row] < 0.0 ? -1.0 : g[row];
        xi[row] -= rate * sign;
      }
    }
  }
};

const Register<OptimizerEntry> signsgd{{
    .name = "signsgd",
    .reference = "x <- x - eta sign(g), sign(0) = +1. Paper A, Section 3.1",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Optimizer> {
      ParameterReader("signsgd", parameters).finish();
      return std::make_unique<SignSgd>();
    },
    .known = {.parameters = {}, .gradients = {1.0, -2.0, 0.0}, .iterates = {-0.1, 0.0, -0.1}},
}};

}  // namespace
}  // namespace sdelens
