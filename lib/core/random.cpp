#include "sdelens/core/random.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "sdelens/core/check.hpp"
#include "sdelens/core/draw_laws.hpp"
#include "sdelens/core/draw_loops.hpp"
#include "sdelens/core/nearest.hpp"

namespace sdelens {

namespace {

using drawing::fill;
using drawing::fill_along;
using drawing::high_word;
using drawing::low_word;
using drawing::SharedNormal;
using drawing::StrictNormal;
using drawing::StudentT;
using drawing::Uniform;
using philox::RoundKeys;

/// FNV-1a, the 64-bit hash of Fowler, Noll and Vo.
std::uint64_t hash(std::string_view text) {
  std::uint64_t value = 0xCBF29CE484222325U;
  for (const char letter : text) {
    value ^= static_cast<unsigned char>(letter);
    value *= 0x100000001B3U;
  }
  return value;
}

constexpr auto store = [](Index) {
  return [](double* place, const Doubles& value) { value.store_unaligned(place); };
};

}  // namespace

std::string to_string(NormalBits normal_bits) {
  return normal_bits == NormalBits::strict ? "strict" : "shared";
}

NormalBits normal_bits_from(std::string_view text) {
  for (const NormalBits bits : {NormalBits::shared, NormalBits::strict}) {
    if (text == to_string(bits)) return bits;
  }
  throw UnknownName("kind of normals", text, std::vector<std::string>{"shared", "strict"});
}

Stream::Stream(std::uint64_t seed, std::string_view name, NormalBits normal_bits)
    : normal_bits_(normal_bits) {
  const std::uint64_t purpose = hash(name);
  const PhiloxBlock mixed = philox_4x32_10(
      {Words(low_word(purpose)), Words(high_word(purpose)), Words(std::uint64_t{0}), Words(std::uint64_t{0})},
      {low_word(seed), high_word(seed)});
  key_ = {low_word(mixed[0].get(0)), low_word(mixed[1].get(0))};
}

Stream Stream::derived(std::string_view name) const {
  return {(static_cast<std::uint64_t>(key_[1]) << 32) | key_[0], name, normal_bits_};
}

template <class Use>
void Stream::with_normal(const Use& use) const {
  if (normal_bits_ == NormalBits::strict) {
    use(StrictNormal{});
  } else {
    use(SharedNormal{});
  }
}

void Stream::uniform(std::uint64_t first_replica, std::uint64_t step, Out draws) const {
  fill(Uniform{}, RoundKeys(key_), first_replica, step, draws, store);
}

void Stream::normal(std::uint64_t first_replica, std::uint64_t step, Out draws) const {
  with_normal([&](const auto& law) { fill(law, RoundKeys(key_), first_replica, step, draws, store); });
}

void Stream::add_normal(const Eigen::ArrayXd& scale, std::uint64_t first_replica, std::uint64_t step,
                        Out sums) const {
  const auto add = [&scale](Index j) {
    return [factor = Doubles(scale(j))](double* place, const Doubles& value) {
      fused(value, factor, Doubles::load_unaligned(place)).store_unaligned(place);
    };
  };
  with_normal([&](const auto& law) { fill(law, RoundKeys(key_), first_replica, step, sums, add); });
}

void Stream::normal_along(std::uint64_t replica, std::uint64_t step, std::uint64_t first_coordinate,
                          std::span<double> draws) const {
  with_normal(
      [&](const auto& law) { fill_along(law, RoundKeys(key_), replica, step, first_coordinate, draws); });
}

void Stream::normal_along(std::uint64_t replica, std::uint64_t step, std::uint64_t first_coordinate,
                          std::span<float> draws) const {
  // Before a draw is written.
  drawing::require_room_along<SharedNormal>(replica, first_coordinate, draws.size());
  std::array<double, 512> buffer;
  for (std::size_t i = 0; i < draws.size(); i += buffer.size()) {
    const std::size_t count = std::min(buffer.size(), draws.size() - i);
    normal_along(replica, step, first_coordinate + i, std::span(buffer).first(count));
    std::transform(buffer.data(), buffer.data() + count, draws.data() + i,
                   [](double z) { return static_cast<float>(z); });
  }
}

void Stream::student_t(double degrees_of_freedom, std::uint64_t first_replica, std::uint64_t step,
                       Out draws) const {
  const double nu = require_positive("Stream", "degrees_of_freedom", degrees_of_freedom);
  fill(StudentT{.nu = nu}, RoundKeys(key_), first_replica, step, draws, store);
}

}  // namespace sdelens
