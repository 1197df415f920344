#pragma once

#include "sdelens/core/batch.hpp"

namespace sdelens {

/// y <- Erf(y), entry by entry; relative error below 1e-14.
void erf_in_place(Out y);
/// y <- atan(y), entry by entry.
void atan_in_place(Out y);

}  // namespace sdelens
