#include <array>
#include <cmath>

#include "sdelens/model/elementwise_sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t grad f(X) dt - gamma eta_t X dt - sqrt(eta) eta_t Sigma^{1/2} dW. The sign of the noise is free for the
/// law; with this one a normal that pushes the optimizer pushes its SDE the same way.
template <class P>
struct SgdEquation {
  P gamma;

  static constexpr std::array<const char*, 0> columns{};
  static constexpr std::array motions{Motion::gradient_noise};
  static constexpr Reads drift_reads{.gradient = true};
  static constexpr Reads diffusion_reads{};

  struct Numbers {
    P rate, noise_rate;
  };

  Numbers at(const P&, const P& eta, const P& factor) const {
    using std::sqrt;
    return {.rate = factor, .noise_rate = sqrt(eta) * factor};
  }

  template <class T, class H, class W>
  void change(const Numbers& now, const H& h, const Local<T>& here, const W& w, const T& x, T& dx) const {
    dx = h * (-now.rate * (here.gradient + gamma * x)) - w[0] * now.noise_rate;
  }
};

std::unique_ptr<Sde> make(const char* name, bool decays, const SdeContext& context,
                          const Parameters& parameters) {
  ParameterReader read(name, parameters);
  const double gamma = decays ? read.scalar("gamma", Range::non_negative()) : 0.0;
  read.finish();
  return elementwise_sde(name, context, SgdEquation<double>{gamma});
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
