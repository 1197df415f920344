#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sdelens/core/parameters.hpp"

namespace sdelens {

/// What an entry's `make` asks for: the parameters that it reads without any, those that it reads for its example, and
/// those that it reads where they are given. What it refuses on the way is not an error here.
/// @param make  called with parameters, for what it reads
std::vector<ParameterDescription> describe_parameters(const std::function<void(const Parameters&)>& make,
                                                      const Parameters& example);

/// The parameters that `make` uses when it is given these: the defaults are filled in. For reading: an entry may
/// refuse what stands for a default when it is given (initial_v of Adam).
/// @throw what make throws
Parameters with_defaults(const std::function<void(const Parameters&)>& make, const Parameters& given);

}  // namespace sdelens
