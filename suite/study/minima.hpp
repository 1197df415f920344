#pragma once

#include <cstdint>

#include "sdelens/model/problem.hpp"

namespace sdelens {

/// The minimum of f to which Newton's method leads.
/// @throw InvalidParameter if it leads to no point where the gradient vanishes and the Hessian is positive definite
Point minimum_near(const Landscape& landscape, const Point& start);
/// The lowest minimum on the square |x_i| <= reach: Newton's method from the lowest point of a grid.
/// @throw InvalidParameter unless the landscape has two dimensions; as minimum_near
Point lowest_minimum(const Landscape& landscape, double reach);

/// Where AdamW of the problem goes in so many iterations with the gradient's mean for the gradient and its mean square for
/// its square.
Point noise_free_end(const Problem& problem, std::uint64_t iterations);

double value_at(const Landscape& landscape, const Point& x);
Point gradient_at(const Landscape& landscape, const Point& x);

}  // namespace sdelens
