#include "sdelens/core/linear_algebra.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

namespace sdelens {
namespace {

// Numbers of size 10, a few hundred operations.
constexpr double rounding = 1e-13;

double largest_entry(const Eigen::MatrixXd& matrix) { return matrix.cwiseAbs().maxCoeff(); }

const Eigen::MatrixXd symmetric{{4.0, 1.0, -0.5}, {1.0, 3.0, 0.25}, {-0.5, 0.25, 2.0}};

TEST(SymmetricEigen, IsADecompositionInIncreasingOrder) {
  const SymmetricEigen eigen = symmetric_eigen(symmetric);
  const Eigen::MatrixXd& v = eigen.vectors;
  EXPECT_LT(largest_entry(v * eigen.values.asDiagonal() * v.transpose() - symmetric), rounding);
  EXPECT_LT(largest_entry(v.transpose() * v - Eigen::MatrixXd::Identity(3, 3)), rounding);
  EXPECT_LT(eigen.values(0), eigen.values(1));
  EXPECT_LT(eigen.values(1), eigen.values(2));
  EXPECT_LT(largest_entry(symmetric_eigenvalues(symmetric) - eigen.values), rounding);
}

TEST(SymmetricRoot, SquaredIsTheMatrix) {
  const Eigen::MatrixXd root = symmetric_root(symmetric);
  EXPECT_LT(largest_entry(root * root - symmetric), rounding);
  EXPECT_LT(largest_entry(root - root.transpose()), rounding);
}

TEST(CholeskyFactor, IsLowerAndSquaresToTheMatrix) {
  const Eigen::MatrixXd factor = cholesky_factor(symmetric);
  EXPECT_LT(largest_entry(factor * factor.transpose() - symmetric), rounding);
  EXPECT_EQ(factor(0, 1), 0.0);
  EXPECT_THROW(cholesky_factor(Eigen::MatrixXd{{1.0, 2.0}, {2.0, 1.0}}), std::domain_error);
}

TEST(Whitening, MakesErrorsIndependentThoughTheirSizesDiffer) {
  const Eigen::VectorXd sizes{{1e-12, 1.0, 1e12}};
  const Eigen::MatrixXd covariance = sizes.asDiagonal() * symmetric * sizes.asDiagonal();
  const Eigen::MatrixXd white = whitening(covariance);
  EXPECT_LT(largest_entry(white * covariance * white.transpose() - Eigen::MatrixXd::Identity(3, 3)),
            rounding);
  EXPECT_EQ(white(0, 2), 0.0);
  EXPECT_THROW(whitening(Eigen::MatrixXd{{1.0, 1.5}, {1.5, 1.0}}), std::domain_error);
}

TEST(OrthonormalFactor, LeavesAnUpperTriangle) {
  const Eigen::MatrixXd matrix{{1.0, 2.0}, {3.0, -4.0}};
  const Eigen::MatrixXd q = orthonormal_factor(matrix);
  EXPECT_LT(largest_entry(q.transpose() * q - Eigen::MatrixXd::Identity(2, 2)), rounding);
  EXPECT_LT(std::abs((q.transpose() * matrix)(1, 0)), rounding);
}

TEST(Exponential, TurnsThePlane) {
  const double angle = 1.2;
  const Eigen::MatrixXd turn{{std::cos(angle), -std::sin(angle)}, {std::sin(angle), std::cos(angle)}};
  EXPECT_LT(largest_entry(exponential(Eigen::MatrixXd{{0.0, -angle}, {angle, 0.0}}) - turn), rounding);
}

TEST(NormalQuadrature, HasTheMomentsOfTheNormalLawUpToItsDegree) {
  const NormalQuadrature rule = normal_quadrature(6);
  double moment = 1.0;  // E Z^(2k) = (2k - 1)!!
  for (int power = 0; power <= 10; power += 2) {
    if (power > 0) moment *= power - 1;
    EXPECT_NEAR(rule.weights.dot(rule.nodes.array().pow(power).matrix()) / moment, 1.0, 100.0 * rounding)
        << power;
    EXPECT_NEAR(rule.weights.dot(rule.nodes.array().pow(power + 1).matrix()) / moment, 0.0, 100.0 * rounding);
  }
  // One degree beyond, it is no longer exact: 12 = 2 * 6.
  EXPECT_GT(std::abs(rule.weights.dot(rule.nodes.array().pow(12).matrix()) / (moment * 11.0) - 1.0), 0.05);
  EXPECT_EQ(normal_quadrature(1).nodes(0), 0.0);
}

}  // namespace
}  // namespace sdelens
