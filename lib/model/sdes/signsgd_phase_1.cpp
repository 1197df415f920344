#include <array>

#include "sdelens/model/elementwise_sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t sign(grad f(X)) dt, sign(0) = +1
template <class P>
struct SignSgdPhase1 {
  static constexpr std::array<const char*, 0> columns{};
  static constexpr std::array<Motion, 0> motions{};
  static constexpr Reads drift_reads{.gradient = true};
  static constexpr Reads diffusion_reads{};

  P at(const P&, const P&, const P& factor) const { return factor; }

  template <class T, class H, class W>
  void change(const P& rate, const H& h, const Local<T>& here, const W&, const T&, T& dx) const {
    dx = h * (-rate * sign(here.gradient));
  }
};

const Register<SdeEntry> phase_1{{
    .name = "signsgd-phase-1",
    .reference = "dX = -sign(grad f) dt. Paper A, Lemma 3.4, Phase 1",
    .make = [](const SdeContext& context, const Parameters& parameters) -> std::unique_ptr<Sde> {
      ParameterReader("SDE of signsgd-phase-1", parameters).finish();
      return elementwise_sde("SDE of signsgd-phase-1", context, SignSgdPhase1<double>{});
    },
}};

}  // namespace
}  // namespace sdelens
