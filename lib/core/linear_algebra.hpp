#pragma once

#include <Eigen/Core>

namespace sdelens {

/// matrix = vectors diag(values) vectors': eigenvalues in increasing order, orthonormal eigenvectors in columns.
struct SymmetricEigen {
  Eigen::VectorXd values;
  Eigen::MatrixXd vectors;
};

/// Decompositions of small dense matrices, d by d and finite. Of a symmetric one the lower triangle is read. They
/// are compiled here once: in every file that used Eigen's templates they took longer than the file.
SymmetricEigen symmetric_eigen(const Eigen::MatrixXd& matrix);
Eigen::VectorXd symmetric_eigenvalues(const Eigen::MatrixXd& matrix);

/// The symmetric R with R R = matrix, which must be symmetric and positive semidefinite.
Eigen::MatrixXd symmetric_root(const Eigen::MatrixXd& matrix);

/// The lower triangular L with L L' = matrix. Throws std::domain_error unless the matrix is positive definite.
Eigen::MatrixXd cholesky_factor(const Eigen::MatrixXd& matrix);

/// The lower triangular K with K covariance K' = 1, which makes correlated errors independent and of variance 1:
/// L^{-1} diag(c_ii^{-1/2}) with L L' the correlations, so that variances of very different sizes lose no digits.
/// Throws std::domain_error unless the covariance is positive definite.
Eigen::MatrixXd whitening(const Eigen::MatrixXd& covariance);

/// The orthonormal factor Q of matrix = Q R by Householder's reflections.
Eigen::MatrixXd orthonormal_factor(const Eigen::MatrixXd& matrix);

/// z <- z + u matrix, row by row. Not Eigen's product: its scalar and vectorised paths may round differently, and which
/// one a row takes depends on its place in the block.
void add_row_products(Eigen::Ref<const Eigen::ArrayXXd> u, const Eigen::MatrixXd& matrix,
                      Eigen::Ref<Eigen::ArrayXXd> z);

/// e^matrix, by scaling and squaring of a Pade approximant (Higham 2005).
Eigen::MatrixXd exponential(const Eigen::MatrixXd& matrix);

/// E f(Z) = sum_q weights_q f(nodes_q) for a standard normal Z: exact for polynomials of degree 2 count - 1.
struct NormalQuadrature {
  Eigen::VectorXd nodes;  // increasing
  Eigen::VectorXd weights;
};

/// The Gauss-Hermite rule for N(0, 1) from the eigenvalues of its Jacobi matrix (Golub and Welsch 1969).
NormalQuadrature normal_quadrature(Eigen::Index count);

}  // namespace sdelens
