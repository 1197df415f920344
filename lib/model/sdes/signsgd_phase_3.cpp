#include <array>
#include <cmath>

#include "sdelens/model/elementwise_sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t s Y dt - sqrt(eta) eta_t sqrt(1 - s^2 Y^2) dW, entry by entry, with Y = Sigma^{-1/2} grad f(X)
/// and s the slope of E sign at 0: sqrt(2/pi) for normal noise. Not defined where |s Y_i| > 1 (finding F9).
template <class P>
struct SignSgdPhase3 {
  P slope;

  static constexpr std::array<const char*, 0> columns{};
  static constexpr std::array motions{Motion::own};
  static constexpr Reads drift_reads{.gradient = true, .deviation = true};
  static constexpr Reads diffusion_reads{.gradient = true, .deviation = true};

  struct Numbers {
    P rate, noise_rate;
  };

  Numbers at(const P&, const P& eta, const P& factor) const {
    using std::sqrt;
    return {.rate = factor, .noise_rate = sqrt(eta) * factor};
  }

  template <class T>
  T mean_sign(const Local<T>& here) const {
    return here.gradient * (slope / here.deviation);
  }

  template <class T, class H, class W>
  void change(const Numbers& now, const H& h, const Local<T>& here, const W& w, const T&, T& dx) const {
    using std::sqrt;
    const T mean = mean_sign(here);
    const T square = 1.0 - mean * mean;
    dx = -now.rate * h * mean - now.noise_rate * sqrt(select(square < 0.0, T(0.0), square)) * w[0];
  }

  template <class T>
  auto outside(const Numbers&, const Local<T>& here) const {
    using std::abs;
    return abs(mean_sign(here)) > 1.0;
  }
};

std::unique_ptr<Sde> make(const SdeContext& context, const Parameters& parameters) {
  constexpr const char* name = "SDE of signsgd-phase-3";
  ParameterReader(name, parameters).finish();
  const NoiseLaw& noise = require_noise(name, *context.source);
  auto result = elementwise_sde(name, context, SignSgdPhase3<double>{noise.mean_sign_slope()});
  if (noise.constant_deviations() == nullptr) {
    throw InvalidParameter(name, "noise", "must not vary with the iteration or with x");
  }
  return result;
}

const Register<SdeEntry> phase_3{{
    .name = "signsgd-phase-3",
    .reference = "dX = -sqrt(2/pi) Sigma^{-1/2} grad f dt + sqrt(eta) sqrt(I - (2/pi) diag(Sigma^{-1/2} grad "
                 "f)^2) dW; "
                 "2 Xi'(0) for sqrt(2/pi) with Student-t noise. Paper A, (5), Lemma 3.4 and C.14",
    .make = make,
}};

}  // namespace
}  // namespace sdelens
