#include "sdelens/statistics/moments.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sdelens {

void Moments::merge(const Moments& other) {
  if (other.count == 0.0) return;
  if (count == 0.0) {
    *this = other;
    return;
  }
  const double n = count + other.count;
  const double delta = other.mean - mean;
  const double d = delta / n;
  const double a = count;
  const double b = other.count;
  m4 += other.m4 + delta * d * d * d * a * b * (a * a - a * b + b * b) +
        6.0 * d * d * (a * a * other.m2 + b * b * m2) + 4.0 * d * (a * other.m3 - b * m3);
  m3 += other.m3 + delta * d * d * a * b * (a - b) + 3.0 * d * (a * other.m2 - b * m2);
  m2 += other.m2 + delta * d * a * b;
  mean += d * b;
  count = n;
}

double Moments::variance() const {
  return count > 1.0 ? m2 / (count - 1.0) : std::numeric_limits<double>::quiet_NaN();
}

double Moments::standard_deviation() const { return std::sqrt(variance()); }

double Moments::skewness() const { return std::sqrt(count) * m3 / std::pow(m2, 1.5); }

double Moments::excess_kurtosis() const { return count * m4 / (m2 * m2) - 3.0; }

void GroupedMoments::observe(std::uint64_t first_replica, const Eigen::Ref<const Column>& values) {
  Index row = 0;
  auto lane = static_cast<std::size_t>(first_replica % groups);
  while (row < values.size()) {
    const auto span =
        static_cast<std::size_t>(std::min<Index>(groups - static_cast<Index>(lane), values.size() - row));
    const double* const x = values.data() + row;
#pragma omp simd
    for (std::size_t i = 0; i < span; ++i) {
      const std::size_t g = lane + i;
      const double n = count_[g] + 1.0;
      const double delta = x[i] - mean_[g];
      const double d = delta / n;
      const double term = delta * d * (n - 1.0);
      m4_[g] += term * d * d * (n * n - 3.0 * n + 3.0) + 6.0 * d * d * m2_[g] - 4.0 * d * m3_[g];
      m3_[g] += term * d * (n - 2.0) - 3.0 * d * m2_[g];
      m2_[g] += term;
      mean_[g] += d;
      count_[g] = n;
    }
    row += static_cast<Index>(span);
    lane = 0;
  }
}

void GroupedMoments::merge(const GroupedMoments& other) {
  for (Index g = 0; g < groups; ++g) {
    Moments moments = group(g);
    moments.merge(other.group(g));
    const auto i = static_cast<std::size_t>(g);
    count_[i] = moments.count;
    mean_[i] = moments.mean;
    m2_[i] = moments.m2;
    m3_[i] = moments.m3;
    m4_[i] = moments.m4;
  }
}

Moments GroupedMoments::group(Index index) const {
  const auto i = static_cast<std::size_t>(index);
  return {.count = count_[i], .mean = mean_[i], .m2 = m2_[i], .m3 = m3_[i], .m4 = m4_[i]};
}

Moments GroupedMoments::total() const { return without(-1); }

Moments GroupedMoments::without(Index index) const {
  Moments result;
  for (Index g = 0; g < groups; ++g) {
    if (g != index) result.merge(group(g));
  }
  return result;
}

void GroupedMoments::write(ByteWriter& writer) const {
  for (const Lanes* const lanes : {&count_, &mean_, &m2_, &m3_, &m4_}) writer.reals(*lanes);
}

GroupedMoments GroupedMoments::read(ByteReader& reader) {
  GroupedMoments result;
  for (Lanes* const lanes : {&result.count_, &result.mean_, &result.m2_, &result.m3_, &result.m4_}) {
    reader.reals(*lanes);
  }
  return result;
}

}  // namespace sdelens
