#include <cmath>

#include "sdelens/model/schedule.hpp"

namespace sdelens {
namespace {

class Polynomial final : public Schedule {
 public:
  explicit Polynomial(double power) : power_(power) {}
  double factor(double iteration) const override { return std::pow(iteration + 1.0, -power_); }

 private:
  double power_;
};

const Register<ScheduleEntry> polynomial{{
    .name = "polynomial",
    .reference = "factor(k) = (k+1)^-power. Paper A, Lemma 3.9 and F.2",
    .make = [](const Parameters& parameters) -> std::unique_ptr<Schedule> {
      ParameterReader read("polynomial", parameters);
      const double power = read.scalar("power", Range::non_negative());
      read.finish();
      return std::make_unique<Polynomial>(power);
    },
    .example = {{"power", {0.5}}},
}};

}  // namespace
}  // namespace sdelens
