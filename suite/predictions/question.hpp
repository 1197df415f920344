#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sdelens/ensemble/problem_process.hpp"

namespace sdelens {

/// Iterations at which moments are measured: the last one, or those of a window over which they are averaged.
struct Place {
  std::string name;  ///< "end", "window"
  std::vector<std::uint64_t> iterations;
};

/// What a prediction is asked about: a problem, for how long it runs, and which SDE is simulated beside the optimizer.
struct Question : Problem {
  std::uint64_t iterations = 0;
  std::optional<SdeChoice> sde{};
};

/// A problem for so many iterations.
inline Question until(const Problem& problem, std::uint64_t iterations) {
  Question question{problem};
  question.iterations = iterations;
  return question;
}

/// A problem beside an SDE of that name, for predictions about the SDE in the long run.
inline Question beside_sde(const Problem& problem, std::string sde) {
  Question question{problem};
  question.sde = SdeChoice{.sde = {.name = std::move(sde)}};
  return question;
}

}  // namespace sdelens
