#include "sdelens/model/scale_root.hpp"

#include <fmt/format.h>

#include <limits>

#include "sdelens/core/linear_algebra.hpp"

namespace sdelens {
ScaleRoot::ScaleRoot(ParameterReader& read, std::string_view owner, Index dimension)
    : matrix_(Eigen::MatrixXd::Zero(dimension, dimension)), diagonal_(!read.has("covariance")) {
  if (diagonal_) {
    const std::vector<double> sigma = read.list("sigma", Range::positive());
    if (sigma.size() != 1 && static_cast<Index>(sigma.size()) != dimension) {
      throw InvalidParameter(owner, "sigma",
                             fmt::format("has {} entries, but must have 1 or {}", sigma.size(), dimension));
    }
    for (Index i = 0; i < dimension; ++i)
      matrix_(i, i) = sigma[sigma.size() == 1 ? 0 : static_cast<std::size_t>(i)];
    diagonal_entries_ = matrix_.diagonal().array();
    return;
  }
  const std::vector<double> entries = read.list("covariance", Range::finite());
  if (static_cast<Index>(entries.size()) != dimension * dimension) {
    throw InvalidParameter(
        owner, "covariance",
        fmt::format("has {} entries, but must have {}", entries.size(), dimension * dimension));
  }
  const Eigen::MatrixXd covariance = Eigen::Map<const Eigen::MatrixXd>(entries.data(), dimension, dimension);
  if (covariance != covariance.transpose()) throw InvalidParameter(owner, "covariance", "must be symmetric");
  const Eigen::VectorXd variances = symmetric_eigenvalues(covariance);
  const double rounding =
      static_cast<double>(dimension) * std::numeric_limits<double>::epsilon() * variances.maxCoeff();
  if (!(variances.minCoeff() > rounding)) {
    throw InvalidParameter(owner, "covariance", "must be positive definite");
  }
  matrix_ = symmetric_root(covariance);
}

void ScaleRoot::scaled(In u, Out z) const {
  if (!diagonal_) {
    z.setZero();
    add_row_products(u, matrix_, z);
    return;
  }
  for (Index i = 0; i < u.cols(); ++i) z.col(i) = matrix_(i, i) * u.col(i);
}

void ScaleRoot::add(In u, Out z) const {
  if (!diagonal_) {
    add_row_products(u, matrix_, z);
    return;
  }
  for (Index i = 0; i < u.cols(); ++i) z.col(i) += matrix_(i, i) * u.col(i);
}

}  // namespace sdelens
