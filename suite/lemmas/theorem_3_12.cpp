#include "suite/study/adam_order.hpp"

namespace sdelens {
namespace {

const Register<Experiment> theorem_3_12{adam_order("3.12", 1.0)};

}  // namespace
}  // namespace sdelens
