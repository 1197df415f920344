#include "sdelens/exact/sde_coefficients.hpp"

#include <fmt/format.h>

#include <utility>

namespace sdelens {

ScalarDiffusion coefficients_of(std::shared_ptr<const Sde> sde) {
  if (sde->dimension() != 1 || sde->noise_dimension() > 1) {
    throw InvalidParameter(
        "coefficients of an SDE", "sde",
        fmt::format("has {} columns and {} Brownian motions, but must have 1 and at most 1", sde->dimension(),
                    sde->noise_dimension()));
  }
  return {.drift =
              [sde](double x) {
                Batch result(1, 1);
                sde->drift(0.0, Batch::Constant(1, 1, x), result);
                return result(0);
              },
          .diffusion =
              [sde](double x) {
                if (sde->noise_dimension() == 0) return 0.0;
                Batch result(1, 1);
                sde->diffuse(0.0, Batch::Constant(1, 1, x), Batch::Ones(1, 1), result);
                return result(0);
              }};
}

}  // namespace sdelens
