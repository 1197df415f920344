#pragma once

#include <string>

#include "suite/study/ingredients.hpp"

namespace sdelens {

/// What the first step of SignSGD shows of the law of its noise: sign_i = -(x_i - x0_i) / eta in {-1, 1}, and with more
/// than one coordinate the products sign_1 sign_2 and sign_1^2 sign_2, after one iteration from x0.
std::vector<Observable> step_signs(const Problem& problem);
/// "sign1", ...
std::string sign_name(Index coordinate);
/// "sign1 sign2"
inline constexpr const char* sign_product = "sign1 sign2";
/// "sign1 sign1 sign2"
inline constexpr const char* sign_triple = "sign1 sign1 sign2";

/// A measured value drawn as a bar over an interval.
Series bar(std::string label, int colour, Interval over, double value);

/// Orders the first step of SignSGD from the start of the problem, with its signs.
Simulated first_step(std::string name, std::string stream, const Problem& problem, std::uint64_t runs,
                     Simulations& simulations);

}  // namespace sdelens
