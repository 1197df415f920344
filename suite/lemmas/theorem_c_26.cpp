#include "suite/study/adam_order.hpp"

namespace sdelens {
namespace {

const Register<Experiment> theorem_c_26{adam_order("C.26", 0.0)};

}  // namespace
}  // namespace sdelens
