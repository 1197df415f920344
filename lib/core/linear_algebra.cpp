#include "sdelens/core/linear_algebra.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <cmath>
#include <stdexcept>
#include <unsupported/Eigen/MatrixFunctions>

namespace sdelens {

using Solver = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& matrix) {
  const Solver solver(matrix);
  return {solver.eigenvalues(), solver.eigenvectors()};
}

Eigen::VectorXd symmetric_eigenvalues(const Eigen::MatrixXd& matrix) {
  return Solver(matrix, Eigen::EigenvaluesOnly).eigenvalues();
}

Eigen::MatrixXd symmetric_root(const Eigen::MatrixXd& matrix) { return Solver(matrix).operatorSqrt(); }

Eigen::MatrixXd cholesky_factor(const Eigen::MatrixXd& matrix) {
  const Eigen::LLT<Eigen::MatrixXd> decomposition(matrix);
  if (decomposition.info() != Eigen::Success) {
    throw std::domain_error("cholesky_factor: the matrix must be positive definite");
  }
  return decomposition.matrixL();
}

Eigen::MatrixXd whitening(const Eigen::MatrixXd& covariance) {
  const Eigen::VectorXd scale = covariance.diagonal().cwiseSqrt().cwiseInverse();
  const Eigen::MatrixXd factor = cholesky_factor(scale.asDiagonal() * covariance * scale.asDiagonal());
  return factor.triangularView<Eigen::Lower>().solve(Eigen::MatrixXd(scale.asDiagonal()));
}

Eigen::MatrixXd orthonormal_factor(const Eigen::MatrixXd& matrix) {
  return Eigen::HouseholderQR<Eigen::MatrixXd>(matrix).householderQ();
}

Eigen::MatrixXd exponential(const Eigen::MatrixXd& matrix) { return matrix.exp(); }

NormalQuadrature normal_quadrature(Eigen::Index count) {
  const Eigen::VectorXd beside =
      Eigen::VectorXd::LinSpaced(count - 1, 1.0, static_cast<double>(count - 1)).cwiseSqrt();
  Solver solver;
  solver.computeFromTridiagonal(Eigen::VectorXd::Zero(count), beside);
  return {solver.eigenvalues(), solver.eigenvectors().row(0).cwiseAbs2().transpose()};
}

void add_row_products(Eigen::Ref<const Eigen::ArrayXXd> u, const Eigen::MatrixXd& matrix,
                      Eigen::Ref<Eigen::ArrayXXd> z) {
  for (Eigen::Index i = 0; i < z.cols(); ++i) {
    double* const sums = z.col(i).data();
    for (Eigen::Index j = 0; j < u.cols(); ++j) {
      const double* const values = u.col(j).data();
      const double factor = matrix(j, i);
#pragma omp simd
      for (Eigen::Index row = 0; row < u.rows(); ++row) sums[row] += factor * values[row];
    }
  }
}

}  // namespace sdelens
