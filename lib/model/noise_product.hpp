#pragma once

namespace sdelens {

/// sigma dw, multiplied from left to right: rate * (sigma dw) is (rate sigma) dw, which leaves a loop over dw one product.
struct ScaledMotion {
  double sigma, dw;

  friend double operator*(double rate, ScaledMotion w) { return rate * w.sigma * w.dw; }
  friend double operator*(ScaledMotion w, double rate) { return w.sigma * w.dw * rate; }
};

/// (Sigma^{1/2} dw)_i where the diffusion is read from an equation. Rates before it are multiplied with each other first,
/// and what divides it with the rates: results keep the bits that they had when the diffusions were written by hand.
/// A double gives the same to the last few bits, and this may go when results may change.
class NoiseTerm {
 public:
  explicit NoiseTerm(double product) : product_(product) {}
  operator double() const { return product_; }  // NOLINT(google-explicit-constructor)

  friend NoiseTerm operator-(NoiseTerm z) { return NoiseTerm(-z.product_); }

  struct Multiple {
    double rate, product;
    operator double() const { return rate * product; }  // NOLINT(google-explicit-constructor)
    friend Multiple operator*(double before, Multiple z) { return {before * z.rate, z.product}; }
    friend double operator/(Multiple z, double p) { return z.rate * z.product / p; }
  };
  struct Quotient {
    double product, divisor;
    operator double() const { return product / divisor; }  // NOLINT(google-explicit-constructor)
    friend double operator*(double rate, Quotient z) { return z.product * (rate / z.divisor); }
  };
  friend Multiple operator*(double rate, NoiseTerm z) { return {rate, z.product_}; }
  friend Quotient operator/(NoiseTerm z, double divisor) { return {z.product_, divisor}; }

 private:
  double product_;
};

/// As NoiseTerm, before the rate that stands beside it in the equation.
struct NoiseProduct {
  double product;

  friend NoiseTerm operator*(double rate, NoiseProduct w) { return NoiseTerm(w.product * rate); }
  friend NoiseTerm operator*(NoiseProduct w, double rate) { return NoiseTerm(w.product * rate); }
};

}  // namespace sdelens
