#include "sdelens/model/sources/regression_data.hpp"

#include <cmath>
#include <utility>

#include "sdelens/core/linear_algebra.hpp"

namespace sdelens {

RegressionData read_regression(const char* owner, const Parameters& parameters) {
  ParameterReader read(owner, parameters);
  const char* const form = read.has("hessian") ? "hessian" : "curvatures";
  const Parameters quadratic{{form, read.list(form, Range::finite())}};
  const double residual = read.scalar("residual", Range::positive());
  const double batch = read.scalar("batch", Range::at_least(1.0));
  read.finish();
  if (batch != std::floor(batch) || batch > 0x1p53)
    throw InvalidParameter(owner, "batch", "must be a whole number: it counts the samples");
  std::shared_ptr<const Landscape> loss = make_landscape("quadratic", quadratic);
  const Eigen::MatrixXd hessian = loss->hessian(Point::Zero(loss->dimension()));
  if (!(symmetric_eigenvalues(hessian).minCoeff() > 0.0))
    throw InvalidParameter(owner, form, "must make H positive definite: it is the covariance of the data");
  return {.loss = std::move(loss),
          .hessian = hessian,
          .root = cholesky_factor(hessian),
          .residual = residual,
          .batch = static_cast<std::uint64_t>(batch)};
}

}  // namespace sdelens
