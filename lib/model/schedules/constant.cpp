#include "sdelens/model/schedule.hpp"

namespace sdelens {
namespace {

class Constant final : public Schedule {
 public:
  double factor(double) const override { return 1.0; }
};

const Register<ScheduleEntry> constant{{
    .name = "constant",
    .reference = "factor(k) = 1",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Schedule> {
      ParameterReader("constant", parameters).finish();
      return std::make_unique<Constant>();
    },
    .example = {},
}};

}  // namespace
}  // namespace sdelens
