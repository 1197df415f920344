#pragma once

#include <string>

#include "sdelens/claim/claim.hpp"

namespace sdelens {

/// The discrepancy that a statement itself allows, with the reason.
struct Margin {
  Bound bound;
  std::string reason;
};

/// What two reasons allow together.
inline Margin operator+(const Margin& one, const Margin& other) {
  return {.bound = {.absolute = one.bound.absolute + other.bound.absolute,
                    .relative = one.bound.relative + other.bound.relative},
          .reason = one.reason + "; " + other.reason};
}

inline Bound relative(double bound) { return {.relative = bound}; }
inline Bound absolute(double bound) { return {.absolute = bound}; }

}  // namespace sdelens
