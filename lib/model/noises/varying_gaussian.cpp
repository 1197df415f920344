#include <cmath>
#include <functional>
#include <numbers>

#include "sdelens/core/vector_math.hpp"
#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/scale_root.hpp"

namespace sdelens {
namespace {

/// Z = diag(c(k, x)) Sigma^{1/2} U, U ~ N(0, I), Sigma diagonal.
class VaryingGaussian final : public GradientNoise {
 public:
  /// Writes c(k, x) over a copy of x.
  using Factors = std::function<void(double iteration, Out c)>;

  VaryingGaussian(ScaleRoot root, Factors factors) : root_(std::move(root)), factors_(std::move(factors)) {}

  Index dimension() const override { return root_.dimension(); }
  void draw(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, Out u) const override {
    stream.normal(first_replica, step, u);
  }
  void perturb(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, In x, Out scratch,
               Out gradient) const override {
    thread_local Batch z;
    z.resize(x.rows(), x.cols());
    draw(stream, first_replica, step, scratch);
    scaled(static_cast<double>(step), x, scratch, z);
    gradient += z;
  }
  void scaled(double iteration, In x, In u, Out z) const override {
    factors(iteration, x, z);
    for (Index i = 0; i < z.cols(); ++i) z.col(i) *= root_.diagonal_entries()(i) * u.col(i);
  }
  bool varies() const override { return true; }
  void factors(double iteration, In x, Out c) const override {
    c = x;
    factors_(iteration, c);
  }
  Eigen::MatrixXd scale_matrix() const override { return root_.scale_matrix(); }
  bool gaussian() const override { return true; }
  void mean_sign(Out y) const override {
    y *= 1.0 / std::numbers::sqrt2;
    erf_in_place(y);
  }
  double mean_sign_slope() const override { return std::sqrt(2.0 / std::numbers::pi); }

 private:
  ScaleRoot root_;
  Factors factors_;
};

ScaleRoot diagonal_root(ParameterReader& read, const char* name, Index dimension) {
  ScaleRoot root(read, name, dimension);
  if (!root.diagonal()) throw InvalidParameter(name, "covariance", "is not offered: give sigma");
  return root;
}

const Register<GradientNoiseEntry> state_dependent{{
    .name = "gaussian-state-dependent",
    .reference = "Z_i ~ N(0, sigma_i^2 (1 + (x_i / width)^2)): noise that grows away from x = 0",
    .make = [](Index dimension, const Parameters& parameters) -> std::unique_ptr<GradientNoise> {
      constexpr const char* name = "gaussian-state-dependent";
      ParameterReader read(name, parameters);
      ScaleRoot root = diagonal_root(read, name, dimension);
      const double width = read.scalar("width", Range::positive());
      read.finish();
      return std::make_unique<VaryingGaussian>(std::move(root), [width](double, Out c) {
        for (Index i = 0; i < c.cols(); ++i) {
          double* const values = c.col(i).data();
#pragma omp simd
          for (Index row = 0; row < c.rows(); ++row) {
            values[row] = std::sqrt(1.0 + values[row] * values[row] / (width * width));
          }
        }
      });
    },
    .example = {{"sigma", {0.5}}, {"width", {0.3}}},
}};

const Register<GradientNoiseEntry> periodic{{
    .name = "gaussian-periodic",
    .reference = "Z_i ~ N(0, sigma_i^2 (1 + amplitude sin(2 pi k / period))^2) in iteration k",
    .make = [](Index dimension, const Parameters& parameters) -> std::unique_ptr<GradientNoise> {
      constexpr const char* name = "gaussian-periodic";
      ParameterReader read(name, parameters);
      ScaleRoot root = diagonal_root(read, name, dimension);
      const double amplitude = read.scalar("amplitude", Range::unit());
      const double period = read.scalar("period", Range::positive());
      read.finish();
      return std::make_unique<VaryingGaussian>(std::move(root), [=](double iteration, Out c) {
        c.setConstant(1.0 + amplitude * std::sin(2.0 * std::numbers::pi * iteration / period));
      });
    },
    .example = {{"sigma", {0.5}}, {"amplitude", {0.4}}, {"period", {100.0}}},
}};

}  // namespace
}  // namespace sdelens
