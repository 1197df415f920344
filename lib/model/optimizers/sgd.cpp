#include "sdelens/model/optimizer.hpp"

namespace sdelens {
namespace {

/// x <- x - eta g - eta gamma x
class Sgd final : public Optimizer {
 public:
  explicit Sgd(double weight_decay) : weight_decay_(weight_decay) {}

  Index memory_columns(Index) const override { return 0; }
  void initialise(Out) const override {}
  void update(Step step, In gradient, Out, Out x) const override {
    const double kept = 1.0 - step.learning_rate * weight_decay_;
    for (Index i = 0; i < x.cols(); ++i) x.col(i) = kept * x.col(i) - step.learning_rate * gradient.col(i);
  }

 private:
  double weight_decay_;
};

const Register<OptimizerEntry> sgd{{
    .name = "sgd",
    .reference = "x <- x - eta g. Paper A, Section 3",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Optimizer> {
      ParameterReader("sgd", parameters).finish();
      return std::make_unique<Sgd>(0.0);
    },
    .known = {.parameters = {}, .gradients = {1.0, -2.0, 0.5}, .iterates = {-0.1, 0.1, 0.05}},
}};

const Register<OptimizerEntry> sgdw{{
    .name = "sgdw",
    .reference = "x <- x - eta g - eta gamma x, decoupled weight decay gamma. Paper A, E.3",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Optimizer> {
      ParameterReader read("sgdw", parameters);
      const double gamma = read.scalar("gamma", Range::non_negative());
      read.finish();
      return std::make_unique<Sgd>(gamma);
    },
    .known = {.parameters = {{"gamma", {1.0}}},
              .gradients = {1.0, -2.0, 0.5},
              .iterates = {-0.1, 0.11, 0.049}},
}};

}  // namespace
}  // namespace sdelens
