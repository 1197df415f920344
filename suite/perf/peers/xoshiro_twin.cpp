// Compiled by clang++, whatever compiles the rest: its code is the faster one.
#include "suite/perf/peers/xoshiro_twin.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace sdelens {
namespace {

class Xoshiro256 {
 public:
  explicit Xoshiro256(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {  // splitmix64
      seed += 0x9E3779B97F4A7C15U;
      word = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9U;
      word = (word ^ (word >> 27)) * 0x94D049BB133111EBU;
      word ^= word >> 31;
    }
  }

  std::uint64_t operator()() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// Uniform on [0, 1).
  double uniform() { return static_cast<double>((*this)() >> 11) * 0x1p-53; }

 private:
  std::array<std::uint64_t, 4> state_{};
};

/// 256 layers of area v under exp(-x^2/2), the lowest with the tail beyond r.
class Ziggurat {
 public:
  Ziggurat() {
    const double v = 0.00492867323399;
    double x = r;
    double above = x;
    const double base = v / std::exp(-0.5 * x * x);
    inside_[0] = static_cast<std::uint64_t>(x / base * unit);
    inside_[1] = 0;
    width_[0] = base / unit;
    width_[255] = x / unit;
    density_[0] = 1.0;
    density_[255] = std::exp(-0.5 * x * x);
    for (std::size_t i = 254; i > 0; --i) {
      x = std::sqrt(-2.0 * std::log(v / x + std::exp(-0.5 * x * x)));
      inside_[i + 1] = static_cast<std::uint64_t>(x / above * unit);
      above = x;
      density_[i] = std::exp(-0.5 * x * x);
      width_[i] = x / unit;
    }
  }

  double operator()(Xoshiro256& random) const {
    for (;;) {
      const std::uint64_t bits = random();
      const std::size_t layer = bits & 255U;
      const std::uint64_t place = bits >> 12;
      const double x = signed_by(bits, static_cast<double>(static_cast<std::int64_t>(place)) * width_[layer]);
      if (place < inside_[layer]) [[likely]]
        return x;
      if (layer == 0) return signed_by(bits, tail(random));
      const double height = density_[layer] + random.uniform() * (density_[layer - 1] - density_[layer]);
      if (height < std::exp(-0.5 * x * x)) return x;
    }
  }

 private:
  static constexpr double r = 3.6541528853610088;
  static constexpr double unit = 0x1p52;

  static double signed_by(std::uint64_t bits, double x) {
    return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) ^ ((bits << 55) & 0x8000000000000000U));
  }

  static double tail(Xoshiro256& random) {
    for (;;) {
      const double x = -std::log1p(-random.uniform()) / r;
      const double y = -std::log1p(-random.uniform());
      if (2.0 * y > x * x) return r + x;
    }
  }

  std::array<std::uint64_t, 256> inside_{};
  std::array<double, 256> width_{};
  std::array<double, 256> density_{};
};

constexpr double eta = 1e-2, sigma = 0.1, gamma_ = 1.0, beta_1 = 0.9, beta_2 = 0.999, epsilon = 1e-8;
constexpr std::array<double, 2> curvature{1.0, 2.0};

class Twin : public XoshiroTwin {
 public:
  Twin(std::size_t runs, std::uint64_t seed)
      : runs_(runs), random_(seed), x_(2 * runs, 0.01), noise_(2 * runs) {}

  void normals(std::span<double> draws) override {
    Xoshiro256 random = random_;  // in registers
    for (double& draw : draws) draw = ziggurat_(random);
    random_ = random;
  }
  std::span<const double> x() const override { return x_; }

 protected:
  std::size_t runs_;
  Xoshiro256 random_;
  Ziggurat ziggurat_;
  std::vector<double> x_, noise_;
};

class SignSgdTwin final : public Twin {
 public:
  using Twin::Twin;
  void step() override {
    normals(noise_);
    for (std::size_t j = 0; j < 2; ++j) {
      double* const x = x_.data() + j * runs_;
      const double* const z = noise_.data() + j * runs_;
      for (std::size_t i = 0; i < runs_; ++i) {
        x[i] -= curvature[j] * x[i] + sigma * z[i] >= 0.0 ? eta : -eta;
      }
    }
  }
};

class AdamWTwin final : public Twin {
 public:
  AdamWTwin(std::size_t runs, std::uint64_t seed) : Twin(runs, seed), m_(2 * runs), v_(2 * runs) {}
  void step() override {
    normals(noise_);
    power_1_ *= beta_1;
    power_2_ *= beta_2;
    const double rate = eta / (1.0 - power_1_);
    const double correction = 1.0 / (1.0 - power_2_);
    for (std::size_t j = 0; j < 2; ++j) {
      update(curvature[j], rate, correction, x_.data() + j * runs_, noise_.data() + j * runs_,
             m_.data() + j * runs_, v_.data() + j * runs_);
    }
  }

 private:
  void update(double lambda, double rate, double correction, double* __restrict x, const double* __restrict z,
              double* __restrict m, double* __restrict v) const {
    for (std::size_t i = 0; i < runs_; ++i) {
      const double g = lambda * x[i] + sigma * z[i];
      m[i] = beta_1 * m[i] + (1.0 - beta_1) * g;
      v[i] = beta_2 * v[i] + (1.0 - beta_2) * g * g;
      x[i] -= rate * m[i] / (std::sqrt(v[i] * correction) + epsilon) + eta * gamma_ * x[i];
    }
  }

  std::vector<double> m_, v_;
  double power_1_ = 1.0;
  double power_2_ = 1.0;
};

}  // namespace

std::unique_ptr<XoshiroTwin> xoshiro_twin(std::string_view optimizer, std::size_t runs, std::uint64_t seed) {
  if (optimizer == "signsgd") return std::make_unique<SignSgdTwin>(runs, seed);
  return std::make_unique<AdamWTwin>(runs, seed);
}

}  // namespace sdelens
