#pragma once

#include <cstdint>

#include "sdelens/core/random.hpp"

namespace sdelens {

/// Chi-square with nu degrees of freedom, draws(i) for replica first_replica + i, at a cost that does not depend on nu: the
/// square of a normal for nu = 1, otherwise twice the gamma variable of Marsaglia and Tsang (ACM TOMS 26, 2000), whose
/// rejected proposals, fewer than one in twenty, are made again. The draws of a replica are a pure function of (stream,
/// replica, step), as Stream's are; they use streams derived from this one.
/// @throw InvalidParameter for 0 degrees of freedom
void chi_square(const Stream& stream, std::uint64_t degrees_of_freedom, std::uint64_t first_replica,
                std::uint64_t step, OutColumn draws);

}  // namespace sdelens
