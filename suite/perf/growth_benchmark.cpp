// How the cost of an ensemble grows with the dimension, the replicas and the steps: the counter
// `ns_per_coordinate_step` stays level where the growth is linear.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "suite/perf/processor_time.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

struct Size {
  std::int64_t dimension, replicas, steps;
  double coordinate_steps() const { return static_cast<double>(dimension * replicas * steps); }
};

void run(benchmark::State& state, const std::shared_ptr<const Process>& process, const Problem& problem,
         const Size& size) {
  double fastest = 1e9;
  for (auto _ : state) {
    const double began = processor_time();
    Ensemble ensemble("growth", process, {coordinates_and_loss(problem.loss).back()},
                      {.steps = {static_cast<std::uint64_t>(size.steps)}});
    ensemble.extend_to(static_cast<std::uint64_t>(size.replicas), {.threads = 1});
    fastest = std::min(fastest, processor_time() - began);
  }
  state.counters["ns_per_coordinate_step"] = fastest / size.coordinate_steps() * 1e9;
}

Size size_of(const benchmark::State& state) {
  return {.dimension = state.range(0), .replicas = state.range(1), .steps = state.range(2)};
}

const Choice adamw{.name = "adamw", .given = {{"gamma", {1.0}}}};

Problem problem_of(const Size& size) {
  return quadratic_problem(adamw, std::vector<double>(static_cast<std::size_t>(size.dimension), 1.0), 0.1,
                           1e-3, Point::Constant(size.dimension, 0.01));
}

void adamw_growth(benchmark::State& state) {
  const Size size = size_of(state);
  const Problem problem = problem_of(size);
  run(state, iterates(problem, Stream(1, "benchmark")), problem, size);
}

void adamw_sde_growth(benchmark::State& state) {
  const Size size = size_of(state);
  const Problem problem = problem_of(size);
  run(state, paths(problem, {.sde = adamw, .integrator = "euler-maruyama"}, Stream(1, "benchmark")), problem,
      size);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"dimension", "replicas", "steps"})->Unit(benchmark::kMillisecond);
  for (const std::int64_t dimension : {1, 10, 100, 1000}) benchmark->Args({dimension, 256, 100});
  for (const std::int64_t replicas : {1024, 4096}) benchmark->Args({10, replicas, 100});
  for (const std::int64_t steps : {1000, 10000}) benchmark->Args({10, 256, steps});
}
BENCHMARK(adamw_growth)->Apply(sizes);
BENCHMARK(adamw_sde_growth)->Apply(sizes);

}  // namespace
}  // namespace sdelens
