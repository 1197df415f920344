#include "sdelens/model/landscape.hpp"

namespace sdelens {
namespace {

/// f(x) = x'Hx/2 + (lambda/4) sum x_i^4 - (xi/3) sum x_i^3 with H = diag(curvatures).
class EmbeddedSaddle final : public Landscape {
 public:
  EmbeddedSaddle(std::vector<double> curvatures, double lambda, double xi)
      : curvatures_(std::move(curvatures)), lambda_(lambda), xi_(xi) {}

  Index dimension() const override { return static_cast<Index>(curvatures_.size()); }

  void value(In x, OutColumn f) const override {
    f.setZero();
    for (Index i = 0; i < x.cols(); ++i) {
      const auto xi = x.col(i);
      f += xi.square() * (0.5 * curvature(i) + xi * (0.25 * lambda_ * xi - xi_ / 3.0));
    }
  }

  void gradient(In x, Out gradient) const override {
    for (Index i = 0; i < x.cols(); ++i) {
      const auto xi = x.col(i);
      gradient.col(i) = xi * (curvature(i) + xi * (lambda_ * xi - xi_));
    }
  }

  Eigen::MatrixXd hessian(const Point& x) const override {
    Point diagonal(dimension());
    for (Index i = 0; i < dimension(); ++i) {
      diagonal(i) = curvature(i) + x(i) * (3.0 * lambda_ * x(i) - 2.0 * xi_);
    }
    return diagonal.asDiagonal();
  }

 private:
  double curvature(Index i) const { return curvatures_[static_cast<std::size_t>(i)]; }

  std::vector<double> curvatures_;
  double lambda_, xi_;
};

const Register<LandscapeEntry> embedded_saddle{{
    .name = "embedded-saddle",
    .reference = "f(x) = x'Hx/2 + (lambda/4) sum x_i^4 - (xi/3) sum x_i^3, H = diag(curvatures). Paper A, F",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Landscape> {
      ParameterReader read("embedded-saddle", parameters);
      auto curvatures = read.list("curvatures", Range::finite(), std::vector{-1.0, 2.0});
      const double lambda = read.scalar("lambda", Range::positive(), 1.0);
      const double xi = read.scalar("xi", Range::finite(), 0.1);
      read.finish();
      return std::make_unique<EmbeddedSaddle>(std::move(curvatures), lambda, xi);
    },
    .example = {},
}};

}  // namespace
}  // namespace sdelens
