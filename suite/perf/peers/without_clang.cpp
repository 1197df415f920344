#include "suite/perf/peers/xoshiro_twin.hpp"

namespace sdelens {

std::unique_ptr<XoshiroTwin> xoshiro_twin(std::string_view, std::size_t, std::uint64_t) { return nullptr; }

}  // namespace sdelens
