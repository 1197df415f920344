#include "sdelens/model/optimizer.hpp"

namespace sdelens {

std::shared_ptr<const Optimizer> make_optimizer(std::string_view name, const Parameters& parameters) {
  return Registry<OptimizerEntry>::all().at(name).make(parameters);
}

}  // namespace sdelens
