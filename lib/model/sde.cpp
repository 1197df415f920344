#include "sdelens/model/sde.hpp"

#include <fmt/format.h>

namespace sdelens {

std::shared_ptr<const Sde> make_sde(std::string_view name, const SdeContext& context,
                                    const Parameters& parameters) {
  require_positive("SDE", "learning_rate", context.learning_rate);
  if (context.landscape->dimension() != context.noise->dimension()) {
    throw InvalidParameter("SDE", "noise",
                           fmt::format("has dimension {}, but the landscape has {}",
                                       context.noise->dimension(), context.landscape->dimension()));
  }
  return Registry<SdeEntry>::all().at(name).make(context, parameters);
}

Eigen::ArrayXd diagonal_scale(std::string_view owner, const GradientNoise& noise) {
  const Eigen::MatrixXd matrix = noise.scale_matrix();
  if (!matrix.isDiagonal(0.0)) {
    throw InvalidParameter(owner, "covariance",
                           "must be diagonal: the signs of correlated noise are correlated, "
                           "and this equation has independent ones");
  }
  return matrix.diagonal().array().sqrt();
}

}  // namespace sdelens
