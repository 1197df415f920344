#include "suite/program/simulated_record.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>

#include "sdelens/record/store.hpp"

namespace sdelens {

Simulation simulation_of(const Ensemble& ensemble) {
  return {.name = ensemble.name(),
          .replicas = ensemble.replicas(),
          .steps = ensemble.steps(),
          .non_finite = ensemble.non_finite(),
          .outside = ensemble.outside()};
}

std::string damage_of(const Ensemble& ensemble, double outside_limit) {
  if (ensemble.non_finite() > 0) {
    return fmt::format("{} of {} replicas of '{}' are not finite", ensemble.non_finite(), ensemble.replicas(),
                       ensemble.name());
  }
  const double outside = static_cast<double>(ensemble.outside()) / static_cast<double>(ensemble.replicas());
  if (outside > outside_limit) {
    return fmt::format("{} of {} replicas of '{}' left the domain of their equation; the limit is {}",
                       ensemble.outside(), ensemble.replicas(), ensemble.name(), outside_limit);
  }
  return {};
}

Environment environment_now(int threads) {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return describe_environment(threads, fmt::format("{:%FT%TZ}", fmt::gmtime(now)));
}

}  // namespace sdelens
