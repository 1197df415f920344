#include <array>
#include <cmath>

#include "sdelens/model/elementwise_sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t E sign dt - sqrt(eta) eta_t sqrt(1 - (E sign)^2) dW, entry by entry, where
/// E sign = E sign(Y + U), Y = Sigma^{-1/2} grad f(X): Erf(Y / sqrt 2) for normal U, 2 Xi(Y) for Student's t.
template <class P>
struct SignSgdEquation {
  static constexpr std::array<const char*, 0> columns{};
  static constexpr std::array motions{Motion::own};
  static constexpr Reads drift_reads{.mean_sign = true};
  static constexpr Reads diffusion_reads{.mean_sign = true};

  struct Numbers {
    P rate, noise_rate;
  };

  Numbers at(const P&, const P& eta, const P& factor) const {
    using std::sqrt;
    return {.rate = factor, .noise_rate = sqrt(eta) * factor};
  }

  template <class T, class H, class W>
  void change(const Numbers& now, const H& h, const Local<T>& here, const W& w, const T&, T& dx) const {
    using std::sqrt;
    const T& mean = here.mean_sign;
    dx = -now.rate * h * mean - now.noise_rate * sqrt(1.0 - mean * mean) * w[0];
  }
};

const Register<SdeEntry> signsgd{{
    .name = "signsgd",
    .reference =
        "dX = -Erf(Sigma^{-1/2} grad f / sqrt 2) dt + sqrt(eta) sqrt(I - diag(Erf)^2) dW; Xi for Erf with "
        "Student-t noise. Paper A, (3) and (7)",
    .make = [](const SdeContext& context, const Parameters& parameters) -> std::unique_ptr<Sde> {
      ParameterReader("SDE of signsgd", parameters).finish();
      return elementwise_sde("SDE of signsgd", context, SignSgdEquation<double>{});
    },
}};

}  // namespace
}  // namespace sdelens
