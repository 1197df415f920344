#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/philox_key.hpp"

namespace sdelens {

/// How many random bits a normal is made of. The two give other draws of the same law.
enum class NormalBits {
  /// Radius and angle of a pair of normals share 64 bits, and 96 where the radius is beyond 4.40 or below 0.011. The
  /// correlation of the two is -4e-10 and their mean 7e-11, which 1e18 draws would show.
  shared,
  /// Radius and angle have 64 bits each, at two thirds of the speed: for who doubts the other.
  strict
};

std::string to_string(NormalBits normal_bits);
/// "shared" or "strict".
/// @throw UnknownName
NormalBits normal_bits_from(std::string_view text);

/// A named source of random numbers without state: a draw is a pure function of (seed, name, replica, step,
/// coordinate), whatever the block, the thread or the order of the calls. It has the same bits for AVX2 with FMA and
/// for AVX-512. Without fused multiply-adds (SSE2) uniforms have these bits too; normals and Student's t have others,
/// within the errors that are stated.
///
/// Streams of equal seed and name share their draws on purpose (an optimizer and its SDE on common noise);
/// other names give independent draws. Each of the three laws below transforms the same underlying bits, so
/// give a name to one law only.
///
/// Each fill writes draws(i, j) for replica first_replica + i and coordinate j. Replicas of each aligned 32 that are
/// equal modulo 8 share calls of Philox; first_replica needs no alignment, but groups of 32 that are cut at the ends
/// of a block are computed whole.
///
/// The counter has room for replicas below 2^34 and coordinates below 2^31; a block beyond them is refused with
/// InvalidParameter.
class Stream {
 public:
  /// @param name  the purpose of the draws, for example "gradient noise"
  Stream(std::uint64_t seed, std::string_view name, NormalBits normal_bits = NormalBits::shared);

  /// Uniform on [0, 1): multiples of 2^-53.
  void uniform(std::uint64_t first_replica, std::uint64_t step, Out draws) const;

  /// Standard normal by Box and Muller (box_muller.hpp): error below 6e-13, |z| <= 9.42, in the tails as N(0, 1).
  void normal(std::uint64_t first_replica, std::uint64_t step, Out draws) const;

  /// sums(i, j) += scale(j) * z(i, j) with the normals z of normal(), without a pass of its own.
  void add_normal(const Eigen::ArrayXd& scale, std::uint64_t first_replica, std::uint64_t step,
                  Out sums) const;

  /// The normals of normal() of one replica, for coordinates first_coordinate + i: the same bits, or those rounded
  /// to float.
  void normal_along(std::uint64_t replica, std::uint64_t step, std::uint64_t first_coordinate,
                    std::span<double> draws) const;
  void normal_along(std::uint64_t replica, std::uint64_t step, std::uint64_t first_coordinate,
                    std::span<float> draws) const;

  /// Student's t by the polar method of Bailey (Math. Comp. 62, 1994):
  /// sqrt(nu (U^(-2/nu) - 1)) cos(2 pi V), exact for every nu, 128 bits a draw; coordinates below 2^30.
  /// @throw InvalidParameter unless 0 < degrees_of_freedom < infinity
  void student_t(double degrees_of_freedom, std::uint64_t first_replica, std::uint64_t step, Out draws) const;

  /// A stream of its own for another purpose of the same draws.
  Stream derived(std::string_view name) const;
  PhiloxKey key() const { return key_; }

 private:
  template <class Use>
  void with_normal(const Use& use) const;

  PhiloxKey key_;
  NormalBits normal_bits_;
};

}  // namespace sdelens
