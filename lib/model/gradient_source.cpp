#include "sdelens/model/gradient_source.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace sdelens {
namespace {

template <class Capability>
const Capability& require(std::string_view owner, const GradientSource& source, const Capability* offered,
                          const char* what) {
  if (offered != nullptr) return *offered;
  throw InvalidParameter(owner, "gradient source",
                         fmt::format("{} does not offer {}, which is needed here", source.name(), what));
}

}  // namespace

void GradientSource::sample(const Draws&, In, Out, Out) const {
  throw std::logic_error(name() + " does not sample on blocks of replicas");
}

void GradientSource::sample(const Draws&, std::span<const float>, std::span<float>) const {
  throw std::logic_error(name() + " does not sample one replica of many coordinates");
}

const Landscape& require_loss(std::string_view owner, const GradientSource& source) {
  return require(owner, source, source.loss(), "the loss f and its gradient");
}

std::shared_ptr<const Landscape> loss_of(std::string_view owner,
                                         std::shared_ptr<const GradientSource> source) {
  const Landscape* const loss = &require_loss(owner, *source);
  return {std::move(source), loss};
}

const NoiseLaw& require_noise(std::string_view owner, const GradientSource& source) {
  return require(owner, source, source.noise(), "the law of its noise");
}

const DenseMoments& require_dense(std::string_view owner, const GradientSource& source) {
  return require(owner, source, source.dense(), "Hessian and covariance as matrices");
}

std::shared_ptr<const GradientSource> make_source(std::string_view name, const Parameters& parameters) {
  return Registry<GradientSourceEntry>::all().at(name).make(parameters);
}

}  // namespace sdelens
