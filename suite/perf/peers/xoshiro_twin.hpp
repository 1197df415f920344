#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace sdelens {

/// SignSGD or AdamW of numpy_twin.py as one would write them in C++: a batch of normals by xoshiro256++ (Blackman and
/// Vigna, ACM Trans. Math. Softw. 47, 2021) and the ziggurat (Marsaglia and Tsang, J. Stat. Softw. 5, 2000), one
/// after the other, and a loop over the runs that the compiler vectorizes. One thread.
class XoshiroTwin {
 public:
  virtual ~XoshiroTwin() = default;
  virtual void normals(std::span<double> draws) = 0;
  virtual void step() = 0;
  /// The first coordinates of all runs, and then the second ones.
  virtual std::span<const double> x() const = 0;
};

/// @param optimizer  "signsgd" or "adamw"
/// @return null if CMake found no clang++, which makes the faster code of it: nothing to compare with
std::unique_ptr<XoshiroTwin> xoshiro_twin(std::string_view optimizer, std::size_t runs, std::uint64_t seed);

}  // namespace sdelens
