#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "sdelens/model/gradient_source.hpp"

namespace sdelens {
namespace {

class Additive final : public GradientSource, private NoiseLaw, private DenseMoments {
 public:
  Additive(std::shared_ptr<const Landscape> landscape, std::shared_ptr<const GradientNoise> noise)
      : landscape_(std::move(landscape)),
        noise_(std::move(noise)),
        independent_(noise_->scale_matrix().isDiagonal(0.0)),
        deviations_(noise_->scale_matrix().diagonal().array().sqrt()) {}

  std::string name() const override { return "a landscape with additive noise"; }
  Index dimension() const override { return landscape_->dimension(); }

  bool samples_blocks() const override { return true; }
  void sample(const Draws& draws, In x, Out scratch, Out g) const override {
    landscape_->gradient(x, g);
    if (draws.normals == 1) {
      noise_->perturb(draws.stream, draws.first_replica, draws.iteration, x, scratch, g);
      return;
    }
    thread_local Batch sum;
    sum = Batch::Zero(x.rows(), x.cols());
    for (std::uint64_t j = 0; j < draws.normals; ++j) {
      noise_->draw(draws.stream, draws.first_replica, draws.iteration * draws.normals + j, scratch);
      sum += scratch;
    }
    sum *= 1.0 / std::sqrt(static_cast<double>(draws.normals));
    noise_->scaled(static_cast<double>(draws.iteration), x, sum, scratch);
    g += scratch;
  }
  bool splits_normals() const override { return noise_->gaussian(); }

  const Landscape* loss() const override { return landscape_.get(); }
  const NoiseLaw* noise() const override { return this; }
  const DenseMoments* dense() const override { return this; }

 private:
  bool has_covariance() const override { return noise_->gaussian(); }
  bool independent() const override { return independent_; }
  const Eigen::ArrayXd* constant_deviations() const override {
    return noise_->varies() ? nullptr : &deviations_;
  }

  void deviation(double iteration, In x, Out sigma) const override {
    noise_->factors(iteration, x, sigma);
    for (Index i = 0; i < x.cols(); ++i) sigma.col(i) *= deviations_(i);
  }

  void root_times(double iteration, In x, In u, Out z) const override { noise_->scaled(iteration, x, u, z); }

  void mean_sign(double iteration, In x, Out y) const override {
    for (Index i = 0; i < y.cols(); ++i) y.col(i) *= 1.0 / deviations_(i);
    if (noise_->varies()) {
      thread_local Batch factors;
      factors.resize(x.rows(), x.cols());
      noise_->factors(iteration, x, factors);
      y /= factors;
    }
    noise_->mean_sign(y);
  }
  double mean_sign_slope() const override { return noise_->mean_sign_slope(); }

  Eigen::MatrixXd hessian(const Point& x) const override { return landscape_->hessian(x); }
  Eigen::MatrixXd covariance(double iteration, const Point& x) const override {
    Batch factors(1, dimension());
    noise_->factors(iteration, x.transpose().array(), factors);
    const Eigen::VectorXd c = factors.row(0).transpose().matrix();
    return c.asDiagonal() * noise_->scale_matrix() * c.asDiagonal();
  }

  std::shared_ptr<const Landscape> landscape_;
  std::shared_ptr<const GradientNoise> noise_;
  bool independent_;
  Eigen::ArrayXd deviations_;
};

}  // namespace

std::shared_ptr<const GradientSource> additive(std::shared_ptr<const Landscape> landscape,
                                               std::shared_ptr<const GradientNoise> noise) {
  if (landscape->dimension() != noise->dimension()) {
    throw InvalidParameter("gradient source", "noise",
                           fmt::format("has dimension {}, but the landscape has {}", noise->dimension(),
                                       landscape->dimension()));
  }
  return std::make_shared<Additive>(std::move(landscape), std::move(noise));
}

}  // namespace sdelens
