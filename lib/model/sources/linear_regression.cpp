#include <cmath>
#include <utility>

#include "sdelens/core/chi_square.hpp"
#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/model/gradient_source.hpp"
#include "sdelens/model/sources/regression_data.hpp"

namespace sdelens {
namespace {

constexpr const char* source_name = "linear-regression";

/// Samples a ~ N(0, H) with residual a.w + e, e ~ N(0, s^2), and g = (1/B) sum over a batch of a (a.w + e), where w, the
/// error of the weights, is what the optimizer moves; f(w) = w'Hw/2. With T^2 = w'Hw + s^2 and H = L L',
///     g = (1/B) [ H w c + T sqrt(c) L (I - r r')^{1/2} z ],   r = L'w / T,   c ~ chi-square with B degrees of freedom,
/// z standard normal: the law of the whole gradient from d normals and one chi-square. Its coordinates given w are
/// Student's t with B degrees of freedom in direction, Cov g = (H w w'H + T^2 H) / B.
class LinearRegression final : public GradientSource, private NoiseLaw, private DenseMoments {
 public:
  explicit LinearRegression(RegressionData data)
      : loss_(std::move(data.loss)),
        hessian_(std::move(data.hessian)),
        root_(std::move(data.root)),
        diagonal_(hessian_.isDiagonal(0.0)),
        residual_(data.residual),
        batch_(data.batch),
        student_t_(make_noise("student-t", loss_->dimension(),
                              {{"nu", {static_cast<double>(batch_)}}, {"sigma", {1.0}}})) {}

  std::string name() const override { return source_name; }
  Index dimension() const override { return hessian_.rows(); }

  bool samples_blocks() const override { return true; }
  void sample(const Draws& draws, In x, Out scratch, Out g) const override {
    Scratch& space = space_of(x);
    loss_->gradient(x, g);
    read_residuals(x, g, space);
    times_root_transposed(x, space.direction);
    draws.stream.normal(draws.first_replica, draws.iteration, scratch);
    chi_square(draws.stream, batch_, draws.first_replica, draws.iteration, space.chi_square);
    remove_direction(space, scratch);
    times_root(scratch, space.product);
    const double per_sample = 1.0 / static_cast<double>(batch_);
    for (Index i = 0; i < x.cols(); ++i) {
      double* const gradient = g.col(i).data();
      const double* const noise = space.product.col(i).data();
      const double* const c = space.chi_square.data();
      const double* const t = space.residual.data();
#pragma omp simd
      for (Index row = 0; row < x.rows(); ++row) {
        gradient[row] = per_sample * (gradient[row] * c[row] + t[row] * std::sqrt(c[row]) * noise[row]);
      }
    }
  }

  /// Of a full H the products would take d^2 operations: there a block is no slower.
  bool samples_flat() const override { return diagonal_; }
  void sample(const Draws& draws, std::span<const float> x, std::span<float> g) const override {
    if (!diagonal_) return GradientSource::sample(draws, x, g);
    Column chi(1);
    chi_square(draws.stream, batch_, draws.first_replica, draws.iteration, chi);
    draws.stream.normal_along(draws.first_replica, draws.iteration, 0, g);
    double square = 0.0;
    double along = 0.0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double w = x[i];
      const double root = root_(static_cast<Index>(i), static_cast<Index>(i));
      square += root * root * w * w;
      along += root * w * static_cast<double>(g[i]);
    }
    const double total = std::sqrt(square + residual_ * residual_);
    const double removed = along / (total * (total + residual_));
    const double mean_rate = chi(0) / static_cast<double>(batch_);
    const double noise_rate = total * std::sqrt(chi(0)) / static_cast<double>(batch_);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double w = x[i];
      const double root = root_(static_cast<Index>(i), static_cast<Index>(i));
      const double z = static_cast<double>(g[i]) - root * w * removed;
      g[i] = static_cast<float>(mean_rate * root * root * w + noise_rate * root * z);
    }
  }

  const Landscape* loss() const override { return loss_.get(); }
  const NoiseLaw* noise() const override { return this; }
  const DenseMoments* dense() const override { return this; }

 private:
  /// Space of one thread, kept from one call to the next.
  struct Scratch {
    Batch gradient, direction, product;
    Column square;    ///< w'Hw
    Column residual;  ///< T
    Column chi_square;
    Column along;
  };
  Scratch& space_of(In x) const {
    thread_local Scratch space;
    for (Batch* const batch : {&space.gradient, &space.direction, &space.product})
      batch->resize(x.rows(), x.cols());
    for (Column* const column : {&space.square, &space.residual, &space.chi_square}) column->resize(x.rows());
    return space;
  }

  /// a.b row by row. Not Eigen's sum of a row, whose order depends on the row's place in the block.
  static Column row_dots(In a, In b) {
    Column result = Column::Zero(a.rows());
    for (Index i = 0; i < a.cols(); ++i) result += a.col(i) * b.col(i);
    return result;
  }

  /// w'Hw and T from Hw.
  void read_residuals(In x, In gradient, Scratch& space) const {
    space.square = row_dots(x, gradient);
    double* const t = space.residual.data();
    const double* const square = space.square.data();
    const double own = residual_ * residual_;
    // Not Eigen's root: with AVX-512 it rounds differently in the last rows of a block.
#pragma omp simd
    for (Index row = 0; row < x.rows(); ++row) t[row] = std::sqrt(square[row] + own);
  }

  /// L'w, row by row, and L z.
  void times_root_transposed(In w, Out product) const {
    product.setZero();
    add_row_products(w, root_, product);
  }
  void times_root(In z, Out product) const {
    product.setZero();
    add_row_products(z, root_.transpose(), product);
  }

  /// z <- (I - r r')^{1/2} z = z - r (r.z) / (1 + s/T).
  void remove_direction(Scratch& space, Out z) const {
    space.along = row_dots(space.direction, z) / (space.residual * (space.residual + residual_));
    for (Index i = 0; i < z.cols(); ++i) z.col(i) -= space.direction.col(i) * space.along;
  }

  bool has_covariance() const override { return true; }
  bool independent() const override { return dimension() == 1; }

  void deviation(double, In x, Out sigma) const override {
    Scratch& space = space_of(x);
    loss_->gradient(x, sigma);
    read_residuals(x, sigma, space);
    for (Index i = 0; i < x.cols(); ++i) {
      double* const values = sigma.col(i).data();
      const double* const t = space.residual.data();
      const double curvature = hessian_(i, i);
      const double per_sample = 1.0 / static_cast<double>(batch_);
#pragma omp simd
      for (Index row = 0; row < x.rows(); ++row) {
        values[row] = std::sqrt(per_sample * (values[row] * values[row] + curvature * (t[row] * t[row])));
      }
    }
  }

  /// R = (T / sqrt B) L (I + r r')^{1/2}; the root adds r (r.u) / (1 + (1 + |r|^2)^{1/2}).
  void root_times(double, In x, In u, Out z) const override {
    Scratch& space = space_of(x);
    loss_->gradient(x, space.gradient);
    read_residuals(x, space.gradient, space);
    times_root_transposed(x, space.direction);
    space.along = row_dots(space.direction, u);
    for (Index row = 0; row < u.rows(); ++row) {
      const double t = space.residual(row);
      space.along(row) /= t * (t + std::sqrt(t * t + space.square(row)));
    }
    for (Index i = 0; i < u.cols(); ++i)
      space.product.col(i) = u.col(i) + space.direction.col(i) * space.along;
    times_root(space.product, z);
    const double per_sample = 1.0 / std::sqrt(static_cast<double>(batch_));
    for (Index i = 0; i < z.cols(); ++i) z.col(i) *= per_sample * space.residual;
  }

  /// The coordinates of sqrt(B) H w / T + t are those of f_i over the scale (C_ii / B)^{1/2} T of their Student's t, where
  /// T^2 C_ii = H_ii T^2 - f_i^2 = H_ii s^2 + (H_ii w'Hw - f_i^2), and the bracket is not negative.
  void mean_sign(double, In x, Out y) const override {
    Scratch& space = space_of(x);
    read_residuals(x, y, space);
    for (Index i = 0; i < y.cols(); ++i) {
      double* const values = y.col(i).data();
      const double* const square = space.square.data();
      const double curvature = hessian_(i, i);
      const double own = curvature * residual_ * residual_;
      const double samples = static_cast<double>(batch_);
#pragma omp simd
      for (Index row = 0; row < y.rows(); ++row) {
        const double f = values[row];
        const double other = curvature * square[row] - f * f;
        values[row] = f * std::sqrt(samples / (own + (other > 0.0 ? other : 0.0)));
      }
    }
    student_t_->mean_sign(y);
  }
  double mean_sign_slope() const override { return student_t_->mean_sign_slope(); }

  Eigen::MatrixXd hessian(const Point&) const override { return hessian_; }
  Eigen::MatrixXd covariance(double, const Point& w) const override {
    const Point mean = hessian_ * w;
    const double square = w.dot(mean) + residual_ * residual_;
    return (mean * mean.transpose() + square * hessian_) / static_cast<double>(batch_);
  }

  std::shared_ptr<const Landscape> loss_;
  Eigen::MatrixXd hessian_, root_;
  bool diagonal_;
  double residual_;
  std::uint64_t batch_;
  std::shared_ptr<const GradientNoise> student_t_;
};

const Register<GradientSourceEntry> linear_regression{{
    .name = source_name,
    .reference = "Mini-batches of linear regression: g = (1/B) sum a (a.w + e), a ~ N(0, H), e ~ N(0, "
                 "residual^2), B = "
                 "batch, H = diag(curvatures) or all d*d entries of hessian; f(w) = w'Hw/2, w the error of "
                 "the weights",
    .make = [](const Parameters& parameters) -> std::unique_ptr<GradientSource> {
      return std::make_unique<LinearRegression>(read_regression(source_name, parameters));
    },
    .example = {{"hessian", {2.0, 0.5, 0.5, 1.0}}, {"residual", {0.5}}, {"batch", {3.0}}},
}};

}  // namespace
}  // namespace sdelens
