#pragma once

#include <array>
#include <cstdint>

namespace sdelens {

/// The key of Philox 4x32 (philox.hpp).
using PhiloxKey = std::array<std::uint32_t, 2>;

}  // namespace sdelens
