#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/core/vector_math.hpp"
#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/scale_root.hpp"

namespace sdelens {
namespace {

/// Z = Sigma^{1/2} U, U with independent Student-t entries of nu degrees of freedom. Cov Z is
/// nu / (nu - 2) Sigma for nu > 2 and infinite otherwise.
class StudentT final : public GradientNoise {
 public:
  StudentT(double nu, ScaleRoot root) : nu_(nu), root_(std::move(root)) {}

  Index dimension() const override { return root_.dimension(); }
  void draw(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, Out u) const override {
    stream.student_t(nu_, first_replica, step, u);
  }
  void perturb(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, In, Out scratch,
               Out gradient) const override {
    draw(stream, first_replica, step, scratch);
    root_.add(scratch, gradient);
  }
  void scaled(double, In, In u, Out z) const override { root_.scaled(u, z); }
  Eigen::MatrixXd scale_matrix() const override {
    if (!root_.diagonal()) return root_.scale_matrix();
    // The product of matrices would take a time of d^3.
    return root_.diagonal_entries().square().matrix().asDiagonal();
  }
  bool gaussian() const override { return false; }

  void mean_sign(Out y) const override {
    if (nu_ == 1.0) {
      atan_in_place(y);
      y *= 2.0 / std::numbers::pi;
    } else if (nu_ == 2.0) {
      // Not Eigen's root: with AVX-512 it rounds differently in the last rows of a block.
      for (Index i = 0; i < y.cols(); ++i) {
        double* const values = y.col(i).data();
#pragma omp simd
        for (Index row = 0; row < y.rows(); ++row) {
          values[row] = std::copysign(1.0 / std::sqrt(1.0 + 2.0 / (values[row] * values[row])), values[row]);
        }
      }
    } else {
      y = y.unaryExpr([this](double value) { return mean_sign_of(value); });
    }
  }

  double mean_sign_slope() const override {
    return 2.0 * boost::math::tgamma_delta_ratio(0.5 * nu_ + 0.5, -0.5) / std::sqrt(std::numbers::pi * nu_);
  }

 private:
  /// 2 F(y) - 1 through the incomplete beta function, on the side where its argument keeps its digits.
  double mean_sign_of(double y) const {
    if (std::isnan(y)) return y;
    const double square = y * y;
    const double size = square < nu_ ? boost::math::ibeta(0.5, 0.5 * nu_, square / (nu_ + square))
                                     : boost::math::ibetac(0.5 * nu_, 0.5, nu_ / (nu_ + square));
    return std::copysign(size, y);
  }

  double nu_;
  ScaleRoot root_;
};

const Register<GradientNoiseEntry> student_t{{
    .name = "student-t",
    .reference = "Z = Sigma^{1/2} U, U_i ~ t(nu) independent, Sigma = diag(sigma^2) or covariance as scale "
                 "matrix. Paper A, C.8 and Lemma 3.10",
    .make = [](Index dimension, const Parameters& parameters) -> std::unique_ptr<GradientNoise> {
      ParameterReader read("student-t", parameters);
      const double nu = read.scalar("nu", Range::positive());
      ScaleRoot root(read, "student-t", dimension);
      read.finish();
      return std::make_unique<StudentT>(nu, std::move(root));
    },
    .example = {{"nu", {2.0}}, {"sigma", {0.5}}},
}};

}  // namespace
}  // namespace sdelens
