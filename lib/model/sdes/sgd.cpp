#include <cmath>

#include "sdelens/model/sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t grad f(X) dt - gamma eta_t X dt + sqrt(eta) eta_t Sigma^{1/2} dW
class SgdSde final : public Sde {
 public:
  SgdSde(SdeContext context, double weight_decay)
      : context_(std::move(context)), weight_decay_(weight_decay) {}

  Index dimension() const override { return context_.landscape->dimension(); }
  Index noise_dimension() const override { return dimension(); }

  void drift(double t, In x, Out b) const override {
    context_.landscape->gradient(x, b);
    if (weight_decay_ != 0.0) b += weight_decay_ * x;
    b *= -factor(t);
  }

  void diffuse(double t, In x, In dw, Out s_dw) const override {
    context_.noise->scaled(t / context_.learning_rate, x, dw, s_dw);
    // The sign is free for the law; with it a normal that pushes the optimizer pushes its SDE the same way.
    s_dw *= -std::sqrt(context_.learning_rate) * factor(t);
  }

 private:
  double factor(double t) const { return context_.schedule->factor(t / context_.learning_rate); }

  SdeContext context_;
  double weight_decay_;
};

std::unique_ptr<Sde> make(const char* name, bool decays, const SdeContext& context,
                          const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  read.finish();
  if (!context.noise->gaussian()) {
    throw InvalidParameter(name, "noise",
                           "must be gaussian: the equation needs the covariance of the gradient");
  }
  return std::make_unique<SgdSde>(context, gamma);
}

const Register<SdeEntry> sgd{{
    .name = "sgd",
    .reference = "dX = -eta_t grad f dt + sqrt(eta) eta_t Sigma^{1/2} dW. Paper A, Section 3 and Lemma 3.8",
    .make = [](const SdeContext& context,
               const Parameters& parameters) { return make("SDE of sgd", false, context, parameters); },
}};

const Register<SdeEntry> sgdw{{
    .name = "sgdw",
    .reference = "dX = -eta_t (grad f + gamma X) dt + sqrt(eta) eta_t Sigma^{1/2} dW. Paper A, (201)",
    .make = [](const SdeContext& context,
               const Parameters& parameters) { return make("SDE of sgdw", true, context, parameters); },
    .example = {{"gamma", {0.5}}},
}};

}  // namespace
}  // namespace sdelens
