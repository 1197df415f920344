#pragma once

#include <cstdint>
#include <string_view>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/philox.hpp"

namespace sdelens {

/// A named source of random numbers without state: a draw is a pure function of (seed, name, replica, step,
/// coordinate), whatever the block, the thread or the order of the calls.
///
/// Streams of equal seed and name share their draws on purpose (an optimizer and its SDE on common noise);
/// other names give independent draws. Each of the three laws below transforms the same underlying bits, so
/// give a name to one law only.
///
/// Each fill writes draws(i, j) for replica first_replica + i and coordinate j. Replicas r and r + 8 of each
/// aligned sixteen share one Philox call; first_replica needs no alignment, but sixteens cut at the ends of a
/// block are computed whole. Replicas beyond 2^33 are refused with InvalidParameter: the counter has no room.
class Stream {
 public:
  /// @param name  the purpose of the draws, for example "gradient noise"
  Stream(std::uint64_t seed, std::string_view name);

  /// Uniform on [0, 1): multiples of 2^-53.
  void uniform(std::uint64_t first_replica, std::uint64_t step, Out draws) const;

  /// Standard normal by Box and Muller (Ann. Math. Statist. 29, 1958) from two 53-bit uniforms: |z| <= 8.6.
  void normal(std::uint64_t first_replica, std::uint64_t step, Out draws) const;

  /// sums(i, j) += scale(j) * z(i, j) with the normals z of normal(), without a pass of its own.
  void add_normal(const Eigen::ArrayXd& scale, std::uint64_t first_replica, std::uint64_t step,
                  Out sums) const;

  /// Student's t by the polar method of Bailey (Math. Comp. 62, 1994):
  /// sqrt(nu (U^(-2/nu) - 1)) cos(2 pi V), exact for every nu.
  /// @throw InvalidParameter unless 0 < degrees_of_freedom < infinity
  void student_t(double degrees_of_freedom, std::uint64_t first_replica, std::uint64_t step, Out draws) const;

  PhiloxKey key() const { return key_; }

 private:
  PhiloxKey key_;
};

}  // namespace sdelens
