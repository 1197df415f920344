// Two threads against one on the same ensemble, timed in turn: the counter `speedup` is the ratio of wall time.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>

#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

double seconds(int threads) {
  const Problem problem = quadratic_problem({.name = "adamw", .given = {{"gamma", {1.0}}}}, {1.0, 2.0}, 0.1,
                                            1e-3, Point::Zero(2));
  Ensemble ensemble("AdamW", iterates(problem, Stream(1, "threads")), coordinates_and_loss(problem.loss),
                    {.steps = {2000}});
  const auto began = std::chrono::steady_clock::now();
  ensemble.extend_to(64 * Process::usual_rows_per_block, {.threads = threads});
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void two_threads(benchmark::State& state) {
  double one = 1e9;
  double two = 1e9;
  for (auto _ : state) {
    one = std::min(one, seconds(1));
    const double taken = seconds(2);
    two = std::min(two, taken);
    state.SetIterationTime(taken);
  }
  state.counters["speedup"] = one / two;
}
BENCHMARK(two_threads)->UseManualTime()->Unit(benchmark::kMillisecond)->Iterations(8);

}  // namespace
}  // namespace sdelens
