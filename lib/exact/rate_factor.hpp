#pragma once

#include <cstdint>
#include <functional>

namespace sdelens {

/// A learning-rate schedule as an oracle takes it: iteration k uses eta * factor(k). Empty means factor 1.
using RateFactor = std::function<double(std::uint64_t iteration)>;

}  // namespace sdelens
