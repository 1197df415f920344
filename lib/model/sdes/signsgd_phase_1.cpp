#include "sdelens/model/sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t sign(grad f(X)) dt, sign(0) = +1
class SignSgdPhase1 final : public Sde {
 public:
  explicit SignSgdPhase1(SdeContext context) : context_(std::move(context)) {}

  Index dimension() const override { return context_.landscape->dimension(); }
  Index noise_dimension() const override { return 0; }

  void drift(double t, In x, Out b) const override {
    context_.landscape->gradient(x, b);
    const double factor = context_.schedule->factor(t / context_.learning_rate);
    b = b.unaryExpr([factor](double g) { return g >= 0.0 ? -factor : g < 0.0 ? factor : g; });
  }

  void diffuse(double, In, In, Out s_dw) const override { s_dw.setZero(); }

 private:
  SdeContext context_;
};

const Register<SdeEntry> phase_1{{
    .name = "signsgd-phase-1",
    .reference = "dX = -sign(grad f) dt. Paper A, Lemma 3.4, Phase 1",
    .make = [](const SdeContext& context, const Parameters& parameters) -> std::unique_ptr<Sde> {
      ParameterReader("SDE of signsgd-phase-1", parameters).finish();
      return std::make_unique<SignSgdPhase1>(context);
    },
}};

}  // namespace
}  // namespace sdelens
