#include <fmt/format.h>

#include <Eigen/Eigenvalues>
#include <cmath>

#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/model/landscape.hpp"

namespace sdelens {
namespace {

/// f(x) = x'Hx/2 with H = diag(curvatures).
class DiagonalQuadratic final : public Landscape {
 public:
  explicit DiagonalQuadratic(const std::vector<double>& curvatures)
      : curvatures_(
            Eigen::Map<const Eigen::ArrayXd>(curvatures.data(), static_cast<Index>(curvatures.size()))) {}

  Index dimension() const override { return curvatures_.size(); }

  void value(In x, OutColumn f) const override {
    f.setZero();
    for (Index i = 0; i < x.cols(); ++i) f += 0.5 * curvatures_(i) * x.col(i).square();
  }

  void gradient(In x, Out gradient) const override {
    for (Index i = 0; i < x.cols(); ++i) gradient.col(i) = curvatures_(i) * x.col(i);
  }

  Eigen::MatrixXd hessian(const Point&) const override { return curvatures_.matrix().asDiagonal(); }

 private:
  Eigen::ArrayXd curvatures_;
};

/// f(x) = x'Hx/2 with a symmetric H.
class DenseQuadratic final : public Landscape {
 public:
  explicit DenseQuadratic(Eigen::MatrixXd hessian) : hessian_(std::move(hessian)) {}

  Index dimension() const override { return hessian_.rows(); }

  void value(In x, OutColumn f) const override {
    thread_local Batch product;
    product.resize(x.rows(), x.cols());
    gradient(x, product);
    f.setZero();
    for (Index i = 0; i < x.cols(); ++i) f += 0.5 * product.col(i) * x.col(i);
  }

  void gradient(In x, Out gradient) const override {
    gradient.setZero();
    add_row_products(x, hessian_, gradient);
  }

  Eigen::MatrixXd hessian(const Point&) const override { return hessian_; }

 private:
  Eigen::MatrixXd hessian_;
};

std::unique_ptr<Landscape> make_quadratic(const Parameters& parameters) {
  ParameterReader read("quadratic", parameters);
  if (!read.has("hessian")) {
    const std::vector<double> curvatures = read.list("curvatures", Range::finite());
    read.finish();
    return std::make_unique<DiagonalQuadratic>(curvatures);
  }
  const std::vector<double> entries = read.list("hessian", Range::finite());
  read.finish();
  const auto dimension = static_cast<Index>(std::llround(std::sqrt(static_cast<double>(entries.size()))));
  if (dimension * dimension != static_cast<Index>(entries.size())) {
    throw InvalidParameter("quadratic", "hessian",
                           fmt::format("has {} entries, but must have d * d of them", entries.size()));
  }
  Eigen::MatrixXd hessian = Eigen::Map<const Eigen::MatrixXd>(entries.data(), dimension, dimension);
  if (hessian != hessian.transpose()) throw InvalidParameter("quadratic", "hessian", "must be symmetric");
  return std::make_unique<DenseQuadratic>(std::move(hessian));
}

const Register<LandscapeEntry> quadratic{{
    .name = "quadratic",
    .reference =
        "f(x) = x'Hx/2; H = diag(curvatures), or hessian = all d*d entries of a symmetric H. Paper A, F",
    .make = make_quadratic,
    .example = {{"hessian", {2.0, 0.5, 0.5, 1.0}}},
}};

}  // namespace
}  // namespace sdelens
