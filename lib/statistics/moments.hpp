#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "sdelens/core/batch.hpp"
#include "sdelens/core/bytes.hpp"
#include "sdelens/core/measurement.hpp"

namespace sdelens {

/// Count, mean and sums of powers of deviations from the mean, m_k = sum (x - mean)^k.
struct Moments {
  double count = 0.0, mean = 0.0, m2 = 0.0, m3 = 0.0, m4 = 0.0;

  /// Adds the observations of another sample. Formulas: Pebay, Sandia report SAND2008-6212, (2.1), (3.1).
  void merge(const Moments& other);
  /// m2 / (count - 1); NaN below two observations.
  double variance() const;
  double standard_deviation() const;
  /// (m3 / count) / (m2 / count)^(3/2).
  double skewness() const;
  /// (m4 / count) / (m2 / count)^2 - 3.
  double excess_kurtosis() const;
};

/// Moments of replicas kept apart in 64 groups: replica r belongs to group r mod 64. Groups are independent,
/// so any smooth function of the moments has a jackknife error, and extending a run fills the same groups.
/// The size does not depend on the number of replicas.
class GroupedMoments {
 public:
  static constexpr Index groups = 64;

  /// Adds values(i) of replica first_replica + i, one after another: the result depends on the order of the
  /// replicas, and not on how calls split them.
  void observe(std::uint64_t first_replica, const Eigen::Ref<const Column>& values);
  /// Adds the observations of another object, group by group.
  void merge(const GroupedMoments& other);

  Moments group(Index index) const;
  Moments total() const;
  /// All groups but one.
  Moments without(Index index) const;

  /// Counts of all groups, then their means, m2, m3 and m4.
  void write(ByteWriter& writer) const;
  /// @throw UnreadableBytes
  static GroupedMoments read(ByteReader& reader);

 private:
  using Lanes = std::array<double, groups>;
  alignas(64) Lanes count_{}, mean_{}, m2_{}, m3_{}, m4_{};
};

/// The moments of one observable, with what they are made from: a view, valid as long as its ensemble does not grow.
struct Sample {
  /// Of no ensemble.
  Sample(const GroupedMoments& of) : moments(&of) {}  // NOLINT(google-explicit-constructor)
  Sample(const GroupedMoments& of, const SampleSource& from, std::optional<double> at)
      : moments(&of), source(&from), iteration(at) {}

  Moments group(Index index) const { return moments->group(index); }
  Moments total() const { return moments->total(); }
  Moments without(Index index) const { return moments->without(index); }

  const GroupedMoments* moments;
  const SampleSource* source = nullptr;
  std::optional<double> iteration{};  ///< as Measurement::iteration
};

}  // namespace sdelens
