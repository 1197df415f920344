#include "sdelens/model/gradient_noise.hpp"

namespace sdelens {

std::shared_ptr<const GradientNoise> make_noise(std::string_view name, Index dimension,
                                                const Parameters& parameters) {
  return Registry<GradientNoiseEntry>::all().at(name).make(dimension, parameters);
}

}  // namespace sdelens
