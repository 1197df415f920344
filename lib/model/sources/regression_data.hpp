#pragma once

#include <Eigen/Core>
#include <memory>

#include "sdelens/core/parameters.hpp"
#include "sdelens/model/landscape.hpp"

namespace sdelens {

/// Where the samples of a linear regression come from: a ~ N(0, H) with residual a.w + e, e ~ N(0, s^2), in batches of B;
/// w is the error of the weights and f(w) = w'Hw/2.
struct RegressionData {
  std::shared_ptr<const Landscape> loss;  ///< f
  Eigen::MatrixXd hessian;                ///< H
  Eigen::MatrixXd root;                   ///< the lower triangular L with L L' = H
  double residual;                        ///< s
  std::uint64_t batch;                    ///< B
};

/// Reads `curvatures` (H diagonal) or `hessian` (all d*d entries of H), `residual` and `batch`.
/// @throw InvalidParameter unless H is symmetric and positive definite, s positive and B a whole number from 1 on
RegressionData read_regression(const char* owner, const Parameters& parameters);

}  // namespace sdelens
