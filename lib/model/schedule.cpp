#include "sdelens/model/schedule.hpp"

namespace sdelens {

std::shared_ptr<const Schedule> make_schedule(std::string_view name, const Parameters& parameters) {
  return Registry<ScheduleEntry>::all().at(name).make(parameters);
}

}  // namespace sdelens
