#include "sdelens/model/landscape.hpp"

namespace sdelens {

std::shared_ptr<const Landscape> make_landscape(std::string_view name, const Parameters& parameters) {
  return Registry<LandscapeEntry>::all().at(name).make(parameters);
}

}  // namespace sdelens
