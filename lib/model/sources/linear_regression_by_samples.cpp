#include <utility>

#include "sdelens/core/linear_algebra.hpp"
#include "sdelens/model/gradient_source.hpp"
#include "sdelens/model/sources/regression_data.hpp"

namespace sdelens {
namespace {

constexpr const char* source_name = "linear-regression-by-samples";

/// The mini-batches of linear-regression, sample by sample: B (d + 1) normals a gradient. It knows no law of its noise: it
/// is what the law of linear-regression is held against.
class LinearRegressionBySamples final : public GradientSource {
 public:
  explicit LinearRegressionBySamples(RegressionData data)
      : data_(std::move(data)), transposed_root_(data_.root.transpose()) {}

  std::string name() const override { return source_name; }
  Index dimension() const override { return data_.hessian.rows(); }

  bool samples_blocks() const override { return true; }
  void sample(const Draws& draws, In x, Out a, Out g) const override {
    thread_local Batch normals;
    thread_local Column residual;
    normals.resize(x.rows(), dimension() + 1);
    g.setZero();
    for (std::uint64_t b = 0; b < data_.batch; ++b) {
      draws.stream.normal(draws.first_replica, draws.iteration * data_.batch + b, normals);
      a.setZero();
      add_row_products(normals.leftCols(dimension()), transposed_root_, a);
      residual = data_.residual * normals.col(dimension());
      for (Index i = 0; i < x.cols(); ++i) residual += a.col(i) * x.col(i);
      for (Index i = 0; i < x.cols(); ++i) g.col(i) += a.col(i) * residual;
    }
    g *= 1.0 / static_cast<double>(data_.batch);
  }

  const Landscape* loss() const override { return data_.loss.get(); }

 private:
  RegressionData data_;
  Eigen::MatrixXd transposed_root_;
};

const Register<GradientSourceEntry> linear_regression_by_samples{{
    .name = source_name,
    .reference = "The mini-batches of linear-regression drawn sample by sample, at a cost that grows with "
                 "the batch: what "
                 "the law of linear-regression is checked against",
    .make = [](const Parameters& parameters) -> std::unique_ptr<GradientSource> {
      return std::make_unique<LinearRegressionBySamples>(read_regression(source_name, parameters));
    },
    .example = {{"hessian", {2.0, 0.5, 0.5, 1.0}}, {"residual", {0.5}}, {"batch", {3.0}}},
}};

}  // namespace
}  // namespace sdelens
