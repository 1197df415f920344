#pragma once

#include <string>
#include <vector>

#include "suite/study/experiment.hpp"

namespace sdelens {

/// Registered experiments by id and by regular expression (searched in the id); all of them if neither is
/// given.
/// @throw UnknownName for an unknown id, or a filter that selects nothing; std::invalid_argument for a filter
///        that is not a regular expression
std::vector<const Experiment*> select(const std::vector<std::string>& ids, const std::string& filter);

/// key=value or key=value,value: "eta=1e-3", "x0=0.25,0.125".
/// @throw std::invalid_argument unless the text has this form with numbers
Parameters parse_changes(const std::vector<std::string>& texts);

}  // namespace sdelens
