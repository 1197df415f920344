#include <cmath>
#include <numbers>

#include "sdelens/core/vector_math.hpp"
#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/scale_root.hpp"

namespace sdelens {
namespace {

/// Z ~ N(0, Sigma).
class Gaussian final : public GradientNoise {
 public:
  explicit Gaussian(ScaleRoot root) : root_(std::move(root)) {}

  Index dimension() const override { return root_.dimension(); }
  void draw(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, Out u) const override {
    stream.normal(first_replica, step, u);
  }
  void perturb(const Stream& stream, std::uint64_t first_replica, std::uint64_t step, In, Out scratch,
               Out gradient) const override {
    if (root_.diagonal()) {
      stream.add_normal(root_.diagonal_entries(), first_replica, step, gradient);
    } else {
      draw(stream, first_replica, step, scratch);
      root_.add(scratch, gradient);
    }
  }
  void scaled(double, In, In u, Out z) const override { root_.scaled(u, z); }
  Eigen::MatrixXd scale_matrix() const override {
    if (!root_.diagonal()) return root_.scale_matrix();
    // The product of matrices would take a time of d^3.
    return root_.diagonal_entries().square().matrix().asDiagonal();
  }
  bool gaussian() const override { return true; }
  void mean_sign(Out y) const override {
    y *= 1.0 / std::numbers::sqrt2;
    erf_in_place(y);
  }
  double mean_sign_slope() const override { return std::sqrt(2.0 / std::numbers::pi); }

 private:
  ScaleRoot root_;
};

const Register<GradientNoiseEntry> gaussian{{
    .name = "gaussian",
    .reference = "Z ~ N(0, Sigma), Sigma = diag(sigma^2) or covariance. Paper A, Corollary 3.3",
    .make = [](Index dimension, const Parameters& parameters) -> std::unique_ptr<GradientNoise> {
      ParameterReader read("gaussian", parameters);
      ScaleRoot root(read, "gaussian", dimension);
      read.finish();
      return std::make_unique<Gaussian>(std::move(root));
    },
    .example = {{"sigma", {0.5}}},
}};

}  // namespace
}  // namespace sdelens
