#include "suite/program/describe.hpp"

#include <stdexcept>

namespace sdelens {

std::vector<ParameterDescription> describe_parameters(const std::function<void(const Parameters&)>& make,
                                                      const Parameters& example) {
  const ParameterListener listener;
  const auto ask = [&](const Parameters& parameters) {
    try {
      make(parameters);
    } catch (const std::invalid_argument&) {
      // What was read until then is what was asked for.
    }
  };
  ask({});
  ask(example);
  // An alternative to another parameter is read only where it is given.
  for (const std::string& name : std::vector<std::string>(listener.looked_for())) {
    Parameters with_it = example;
    with_it.try_emplace(name, std::vector{1.0});
    ask(with_it);
  }
  return listener.heard();
}

Parameters with_defaults(const std::function<void(const Parameters&)>& make, const Parameters& given) {
  const ParameterListener listener;
  make(given);
  Parameters result = given;
  for (const ParameterDescription& description : listener.heard()) {
    if (description.fallback && !description.fallback->empty())
      result.try_emplace(description.name, *description.fallback);
  }
  return result;
}

}  // namespace sdelens
