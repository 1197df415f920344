#include "sdelens/model/sdes/adaptive.hpp"

#include <cmath>

namespace sdelens {

AdaptiveNoise::AdaptiveNoise(const char* owner, SdeContext context)
    : context_(std::move(context)),
      simple_(!context_.noise->varies() && context_.noise->scale_matrix().isDiagonal(0.0)),
      deviations_(context_.noise->scale_matrix().diagonal().array().sqrt()) {
  if (!context_.noise->gaussian()) {
    throw InvalidParameter(owner, "noise",
                           "must be gaussian: the equation needs the covariance of the gradient");
  }
}

void AdaptiveNoise::diffuse(double t, In x, In dw, Out z) const {
  context_.noise->scaled(t / learning_rate(), x, dw, z);
  z *= std::sqrt(learning_rate());
}

void AdaptiveNoise::variances(double t, In x, Out variance) const {
  context_.noise->factors(t / learning_rate(), x, variance);
  for (Index i = 0; i < variance.cols(); ++i) {
    const double deviation = deviations_(i);
    double* const values = variance.col(i).data();
#pragma omp simd
    for (Index row = 0; row < variance.rows(); ++row) {
      const double value = deviation * values[row];
      values[row] = value * value;
    }
  }
}

Point AdaptiveNoise::gradient_at(const Point& x) const {
  Batch gradient(1, dimension());
  context_.landscape->gradient(x.transpose().array(), gradient);
  return gradient.row(0).transpose().matrix();
}

Point AdaptiveNoise::mean_square_at(const Point& x) const {
  Batch variance(1, dimension());
  variances(0.0, x.transpose().array(), variance);
  return gradient_at(x).array().square().matrix() + variance.row(0).transpose().matrix();
}

Point initial_second_moments(const char* owner, const std::vector<double>& given, const Point& fallback) {
  Point result = fallback;
  for (Index i = 0; i < result.size(); ++i) {
    if (!given.empty()) result(i) = entry(owner, "initial_v", given, result.size(), i);
    if (!(result(i) > 0.0)) throw InvalidParameter(owner, "initial_v", result(i), Range::positive());
  }
  return result;
}

}  // namespace sdelens
