#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sdelens/core/parameters.hpp"
#include "sdelens/core/registry.hpp"

namespace sdelens {

/// A step-size schedule: iteration k uses the learning rate eta * factor(k). A function of real k, because an
/// SDE evaluates it between iterations.
class Schedule {
 public:
  virtual ~Schedule() = default;
  virtual double factor(double iteration) const = 0;
};

struct ScheduleEntry {
  std::string name;
  std::string reference;
  std::function<std::unique_ptr<Schedule>(const Parameters&)> make;
  Parameters example;
  static constexpr const char* kind() { return "schedule"; }
};

/// @throw UnknownName, InvalidParameter
std::shared_ptr<const Schedule> make_schedule(std::string_view name, const Parameters& parameters = {});

}  // namespace sdelens
