#pragma once

#include <cstdint>

namespace sdelens {

/// One coordinate of SGD on f(x) = curvature x^2 / 2 with gradient noise Z = sigma U, U ~ t(nu).
struct StudentTSgdSettings {
  double learning_rate;  ///< eta > 0, eta curvature < 2
  double curvature;      ///< lambda > 0
  double sigma;          ///< > 0
  double nu;             ///< 1 <= nu <= 50
  double start;          ///< x_0
};

/// The exact law of SGD after k iterations, x_{k+1} = (1 - eta lambda) x_k - eta Z_k, without sampling, whatever
/// moments it has. With rho = 1 - eta lambda and the characteristic function phi_nu of t(nu),
///   x_k = rho^k x_0 - eta sigma sum_{j<k} rho^j U_j,
///   P(|x_k| <= c) = (2 / pi) int_0^inf sin(c t) / t cos(rho^k x_0 t) prod_{j<k} phi_nu(eta sigma |rho|^j t) dt.
/// For nu = 1 it is Cauchy's law with scale eta sigma (1 - |rho|^k) / (1 - |rho|).
class StudentTSgd {
 public:
  /// @throw InvalidParameter if a setting is outside its range
  StudentTSgd(const StudentTSgdSettings& settings, std::uint64_t iteration);

  /// P(|x_k| > c) to an absolute 1e-10.
  /// @throw InvalidParameter unless iteration and c are positive
  double exceedance(double c) const;
  /// E x_k for nu > 1, the centre of the law for every nu.
  double centre() const { return centre_; }
  /// eta sigma (sum_{j<k} |rho|^{j nu})^{1/nu}: P(|x_k| > c) / P(|U| > c / scale) -> 1 for c -> inf.
  double tail_scale() const;

 private:
  double log_characteristic(double t) const;

  StudentTSgdSettings settings_;
  std::uint64_t iteration_;
  double centre_;
};

/// The logarithm of E exp(i t U), U ~ t(nu): K_{nu/2}(z) z^{nu/2} / (Gamma(nu/2) 2^{nu/2 - 1}), z = sqrt(nu) |t|.
/// @throw InvalidParameter unless t is finite and 1 <= nu <= 50
double student_t_log_characteristic(double t, double nu);

}  // namespace sdelens
