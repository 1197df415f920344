#include "sdelens/model/sde.hpp"

namespace sdelens {

std::shared_ptr<const Sde> make_sde(std::string_view name, const SdeContext& context,
                                    const Parameters& parameters) {
  require_positive("SDE", "learning_rate", context.learning_rate);
  return Registry<SdeEntry>::all().at(name).make(context, parameters);
}

}  // namespace sdelens
