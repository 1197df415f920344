#include <cmath>

#include "sdelens/model/sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t E sign dt + sqrt(eta) eta_t sqrt(1 - (E sign)^2) dW, entry by entry, where
/// E sign = E sign(Y + U), Y = Sigma^{-1/2} grad f(X): Erf(Y / sqrt 2) for normal U, 2 Xi(Y) for Student's t.
class SignSgdSde final : public Sde {
 public:
  explicit SignSgdSde(SdeContext context)
      : context_(std::move(context)), scale_(diagonal_scale("SDE of signsgd", *context_.noise)) {}

  Index dimension() const override { return context_.landscape->dimension(); }
  Index noise_dimension() const override { return dimension(); }

  void drift(double t, In x, Out b) const override {
    mean_sign(t, x, b);
    b *= -factor(t);
  }

  void diffuse(double t, In x, In dw, Out s_dw) const override {
    mean_sign(t, x, s_dw);
    const double rate = -std::sqrt(context_.learning_rate) * factor(t);
    // Not Eigen's root: with AVX-512 it rounds differently in the last rows of a block.
    for (Index i = 0; i < s_dw.cols(); ++i) {
      double* const e = s_dw.col(i).data();
      const double* const w = dw.col(i).data();
#pragma omp simd
      for (Index row = 0; row < s_dw.rows(); ++row) e[row] = rate * std::sqrt(1.0 - e[row] * e[row]) * w[row];
    }
  }

  void increment(double t, double h, In x, In dw, Out e, Out dx) const override {
    mean_sign(t, x, e);
    const double rate = factor(t);
    const double noise_rate = std::sqrt(context_.learning_rate) * rate;
    for (Index i = 0; i < e.cols(); ++i) {
      const double* const mean = e.col(i).data();
      const double* const w = dw.col(i).data();
      double* const change = dx.col(i).data();
#pragma omp simd
      for (Index row = 0; row < e.rows(); ++row) {
        change[row] = -rate * h * mean[row] - noise_rate * std::sqrt(1.0 - mean[row] * mean[row]) * w[row];
      }
    }
  }

 private:
  void mean_sign(double t, In x, Out e) const {
    context_.landscape->gradient(x, e);
    for (Index i = 0; i < e.cols(); ++i) e.col(i) *= 1.0 / scale_(i);
    if (context_.noise->varies()) {
      thread_local Batch factors;
      factors.resize(x.rows(), x.cols());
      context_.noise->factors(t / context_.learning_rate, x, factors);
      for (Index i = 0; i < e.cols(); ++i) {
        double* const y = e.col(i).data();
        const double* const c = factors.col(i).data();
#pragma omp simd
        for (Index row = 0; row < e.rows(); ++row) y[row] /= c[row];
      }
    }
    context_.noise->mean_sign(e);
  }
  double factor(double t) const { return context_.schedule->factor(t / context_.learning_rate); }

  SdeContext context_;
  Eigen::ArrayXd scale_;
};

const Register<SdeEntry> signsgd{{
    .name = "signsgd",
    .reference =
        "dX = -Erf(Sigma^{-1/2} grad f / sqrt 2) dt + sqrt(eta) sqrt(I - diag(Erf)^2) dW; Xi for Erf with "
        "Student-t noise. Paper A, (3) and (7)",
    .make = [](const SdeContext& context, const Parameters& parameters) -> std::unique_ptr<Sde> {
      ParameterReader("SDE of signsgd", parameters).finish();
      return std::make_unique<SignSgdSde>(context);
    },
}};

}  // namespace
}  // namespace sdelens
