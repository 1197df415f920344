#pragma once

#include "sdelens/core/batch.hpp"
#include "sdelens/core/parameters.hpp"

namespace sdelens {

/// Sigma^{1/2}, the symmetric root of a scale matrix; a diagonal one is applied column by column.
class ScaleRoot {
 public:
  /// Reads `sigma` (one standard deviation for all coordinates, or one for each) or `covariance` (all d*d
  /// entries of a symmetric positive definite Sigma).
  /// @throw InvalidParameter if the shape is wrong, a sigma is not positive, or Sigma is not positive
  /// definite
  ScaleRoot(ParameterReader& read, std::string_view owner, Index dimension);

  Index dimension() const { return matrix_.rows(); }
  bool diagonal() const { return diagonal_; }
  const Eigen::ArrayXd& diagonal_entries() const { return diagonal_entries_; }
  void scaled(In u, Out z) const;
  void add(In u, Out z) const;
  Eigen::MatrixXd scale_matrix() const { return matrix_ * matrix_; }

 private:
  Eigen::MatrixXd matrix_;
  Eigen::ArrayXd diagonal_entries_;
  bool diagonal_;
};

}  // namespace sdelens
