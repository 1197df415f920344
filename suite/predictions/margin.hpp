#pragma once

#include <string>

#include "sdelens/claim/claim.hpp"

namespace sdelens {

/// The discrepancy that a statement itself allows, with the reason.
struct Margin {
  Bound bound;
  std::string reason;
};

inline Bound relative(double bound) { return {.relative = bound}; }
inline Bound absolute(double bound) { return {.absolute = bound}; }

}  // namespace sdelens
