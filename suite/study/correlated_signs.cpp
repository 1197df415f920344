#include "suite/study/correlated_signs.hpp"

#include <algorithm>
#include <cmath>
#include <complex>

#include "reference/theory/lemma_3_3.hpp"

namespace sdelens {

SignMoments sign_moments(const theory::SignPair& pair) {
  return {.first = -theory::gaussian_drift(pair.first),
          .second = -theory::gaussian_drift(pair.second),
          .covariance = theory::gaussian_sign_covariance(pair)};
}

WeakErrors linear_landscape_errors(const SignMoments& moments, double kept_covariance,
                                   const std::vector<double>& etas, double time) {
  WeakErrors result{.functions = {"exp i(x1 + x2)"}, .etas = etas, .errors = {{}}};
  for (const double eta : etas) {
    std::complex<double> step = 0.0;
    for (const double s : {-1.0, 1.0}) {
      for (const double t : {-1.0, 1.0}) {
        const double probability =
            0.25 * (1.0 + s * moments.first + t * moments.second + s * t * moments.product());
        step += probability * std::polar(1.0, -eta * (s + t));
      }
    }
    const double variance = 2.0 - moments.first * moments.first - moments.second * moments.second;
    const double drift = moments.first + moments.second;
    const std::complex<double> flow =
        std::exp(std::complex<double>(-0.5 * eta * eta * (variance + 2.0 * kept_covariance), -eta * drift));
    double error = 0.0;
    const auto count = std::llround(time / eta);
    for (std::int64_t k = 1; k <= count; ++k) {
      const auto power = static_cast<double>(k);
      error = std::max(error, std::abs(std::pow(step, power) - std::pow(flow, power)));
    }
    result.errors[0].push_back(error);
  }
  return result;
}

}  // namespace sdelens
