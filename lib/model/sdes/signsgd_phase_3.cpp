#include <cmath>

#include "sdelens/model/sde.hpp"

namespace sdelens {
namespace {

/// dX = -eta_t s Y dt + sqrt(eta) eta_t sqrt(1 - s^2 Y^2) dW, entry by entry, with Y = Sigma^{-1/2} grad f(X)
/// and s the slope of E sign at 0: sqrt(2/pi) for normal noise. Not defined where |s Y_i| > 1 (finding F9).
class SignSgdPhase3 final : public Sde {
 public:
  explicit SignSgdPhase3(SdeContext context)
      : context_(std::move(context)),
        slope_(context_.noise->mean_sign_slope() /
               diagonal_scale("SDE of signsgd-phase-3", *context_.noise)) {
    if (context_.noise->varies()) {
      throw InvalidParameter("SDE of signsgd-phase-3", "noise", "must not vary with the iteration or with x");
    }
  }

  Index dimension() const override { return context_.landscape->dimension(); }
  Index noise_dimension() const override { return dimension(); }

  void drift(double t, In x, Out b) const override {
    linear_mean_sign(x, b);
    b *= -factor(t);
  }

  void diffuse(double t, In x, In dw, Out s_dw) const override {
    linear_mean_sign(x, s_dw);
    const double rate = -std::sqrt(context_.learning_rate) * factor(t);
    for (Index i = 0; i < s_dw.cols(); ++i) {
      double* const s = s_dw.col(i).data();
      const double* const w = dw.col(i).data();
#pragma omp simd
      for (Index row = 0; row < s_dw.rows(); ++row) {
        const double square = 1.0 - s[row] * s[row];
        s[row] = rate * std::sqrt(square < 0.0 ? 0.0 : square) * w[row];
      }
    }
  }

  bool restricted() const override { return true; }

  void mark_outside(double, In x, Eigen::Ref<Eigen::Array<bool, Eigen::Dynamic, 1>> outside) const override {
    // Called at every step: the space is kept from one call to the next.
    thread_local Batch e;
    e.resize(x.rows(), x.cols());
    linear_mean_sign(x, e);
    if ((e.abs() <= 1.0).all()) return;
    outside = outside || (e.abs() > 1.0).rowwise().any();
  }

  void increment(double t, double h, In x, In dw, Out e, Out dx) const override {
    linear_mean_sign(x, e);
    const double rate = factor(t);
    const double noise_rate = std::sqrt(context_.learning_rate) * rate;
    for (Index i = 0; i < e.cols(); ++i) {
      const double* const mean = e.col(i).data();
      const double* const w = dw.col(i).data();
      double* const change = dx.col(i).data();
#pragma omp simd
      for (Index row = 0; row < e.rows(); ++row) {
        const double square = 1.0 - mean[row] * mean[row];
        change[row] = -rate * h * mean[row] - noise_rate * std::sqrt(square < 0.0 ? 0.0 : square) * w[row];
      }
    }
  }

 private:
  void linear_mean_sign(In x, Out e) const {
    context_.landscape->gradient(x, e);
    for (Index i = 0; i < e.cols(); ++i) e.col(i) *= slope_(i);
  }
  double factor(double t) const { return context_.schedule->factor(t / context_.learning_rate); }

  SdeContext context_;
  Eigen::ArrayXd slope_;
};

const Register<SdeEntry> phase_3{{
    .name = "signsgd-phase-3",
    .reference = "dX = -sqrt(2/pi) Sigma^{-1/2} grad f dt + sqrt(eta) sqrt(I - (2/pi) diag(Sigma^{-1/2} grad "
                 "f)^2) dW; "
                 "2 Xi'(0) for sqrt(2/pi) with Student-t noise. Paper A, (5), Lemma 3.4 and C.14",
    .make = [](const SdeContext& context, const Parameters& parameters) -> std::unique_ptr<Sde> {
      ParameterReader("SDE of signsgd-phase-3", parameters).finish();
      return std::make_unique<SignSgdPhase3>(context);
    },
}};

}  // namespace
}  // namespace sdelens
