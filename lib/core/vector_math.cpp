#include "sdelens/core/vector_math.hpp"

#include <algorithm>
#include <xsimd/xsimd.hpp>

namespace sdelens {
namespace {

template <class Function>
void map_in_place(Out y, const Function& function) {
  using Doubles = xsimd::batch<double>;
  constexpr auto width = static_cast<Index>(Doubles::size);
  for (Index column = 0; column < y.cols(); ++column) {
    double* const values = y.col(column).data();
    Index row = 0;
    for (; row + width <= y.rows(); row += width) {
      function(Doubles::load_unaligned(values + row)).store_unaligned(values + row);
    }
    if (row == y.rows()) continue;
    // The last rows go through the same code as the others, so that a replica's value does not depend on its
    // row.
    double rest[Doubles::size] = {};
    std::copy(values + row, values + y.rows(), rest);
    function(Doubles::load_unaligned(rest)).store_unaligned(rest);
    std::copy(rest, rest + (y.rows() - row), values + row);
  }
}

}  // namespace

void erf_in_place(Out y) {
  map_in_place(y, [](const auto& v) {
    using Doubles = xsimd::batch<double>;
    // From 6 on Erf is 1 to the last bit; xsimd squares the argument, which overflows to NaN beyond 1e154.
    const Doubles one(1.0);
    return xsimd::select(xsimd::abs(v) > Doubles(6.0), xsimd::copysign(one, v), xsimd::erf(v));
  });
}

void atan_in_place(Out y) {
  map_in_place(y, [](const auto& v) { return xsimd::atan(v); });
}

}  // namespace sdelens
