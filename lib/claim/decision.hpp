#pragma once

#include <string>

#include "sdelens/claim/claim.hpp"

namespace sdelens {

/// What an interval for truth - prediction decides of a claim, by the rule of check(): pass, fail or unresolved.
/// @param margin, resolution  absolute; the margin is not above the resolution
Verdict decided(Relation relation, double lower, double upper, double margin, double resolution);

/// Why the verdict of a check that was read cannot have come from its numbers, as a clause: "is pass, but the interval
/// [2, 3], margin 1 and resolution 1 say fail". Empty if it can; whatever has an error, or a reason not to be judged, can.
std::string contradiction(const Check& check);

}  // namespace sdelens
