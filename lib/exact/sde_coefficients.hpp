#pragma once

#include <memory>

#include "sdelens/exact/scalar_diffusion.hpp"
#include "sdelens/model/sde.hpp"

namespace sdelens {

/// Drift and diffusion at t = 0 of an equation in one variable: what is calculated from them speaks of that equation
/// itself and not of a copy. Where the equation is not defined its diffusion is 0, as in a simulation.
/// @throw InvalidParameter unless the state is one number, driven by one Brownian motion or none
ScalarDiffusion coefficients_of(std::shared_ptr<const Sde> sde);

}  // namespace sdelens
