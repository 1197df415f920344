#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace sdelens {

/// How far a run is, on the error stream. Experiments may overlap; one thread at a time may call.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void begin(const std::string& experiment, std::uint64_t number, std::uint64_t count) = 0;
  /// Replica-steps done since the last call.
  virtual void advance(std::uint64_t work) = 0;
  /// @param experiment  one that has begun
  virtual void end(const std::string& experiment, const std::string& result) = 0;
};

/// @param kind        "auto": a bar on a terminal, lines in a pipe or where CI is set; "bar"; "lines"; "none"
/// @param total_work  replica-steps that are known to be needed; doubling may add to them
/// @throw UnknownName for another kind
std::unique_ptr<Progress> make_progress(const std::string& kind, std::uint64_t total_work);

}  // namespace sdelens
