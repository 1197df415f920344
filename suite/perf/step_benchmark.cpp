// Cost of one coordinate-step of optimizers and SDEs. Read each against `normal`, timed in the same run: the
// counter `per_normal` is that ratio.
#include <benchmark/benchmark.h>

#include <chrono>

#include "suite/ingredients.hpp"

namespace sdelens {
namespace {

constexpr Index rows = Ensemble::block;
constexpr Index coordinates = 2;
constexpr double numbers = static_cast<double>(rows * coordinates);

Model model() { return quadratic_with_gaussian_noise({1.0, 2.0}, 0.1, 1e-3); }

/// Seconds for one normal, measured beside each benchmark so that both see the same machine.
double seconds_per_normal() {
  const Stream stream(1, "benchmark");
  Batch draws(rows, coordinates);
  double best = 1.0;
  for (int repeat = 0; repeat < 5; ++repeat) {
    constexpr std::uint64_t calls = 4000;
    const auto began = std::chrono::steady_clock::now();
    for (std::uint64_t step = 0; step < calls; ++step) {
      stream.normal(0, step, draws);
      benchmark::DoNotOptimize(draws.data());
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
    best = std::min(best, taken.count() / (calls * numbers));
  }
  return best;
}

void advance(benchmark::State& state, const std::shared_ptr<const Process>& process) {
  const double normal = seconds_per_normal();
  const std::unique_ptr<Paths> paths = process->start(0, rows);
  double best = 1.0;
  for (auto _ : state) {
    constexpr int steps = 1000;
    const auto began = std::chrono::steady_clock::now();
    for (int step = 0; step < steps; ++step) paths->advance();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
    best = std::min(best, taken.count() / (steps * numbers));
    state.SetIterationTime(taken.count());
  }
  state.counters["ns_per_coordinate_step"] = best * 1e9;
  state.counters["per_normal"] = best / normal;
}

void normal(benchmark::State& state) {
  const Stream stream(1, "benchmark");
  Batch draws(rows, coordinates);
  std::uint64_t step = 0;
  for (auto _ : state) {
    stream.normal(0, step++, draws);
    benchmark::DoNotOptimize(draws.data());
    benchmark::ClobberMemory();
  }
  state.counters["ns_per_normal"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * numbers * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(normal);

void optimizer(benchmark::State& state, const char* name, const Parameters& parameters) {
  const Model m = model();
  advance(state, m.optimizer(name, parameters, Point::Constant(coordinates, 0.01), Stream(1, "benchmark")));
}
BENCHMARK_CAPTURE(optimizer, sgd, "sgd", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, signsgd, "signsgd", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, rmsprop, "rmsprop", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, adam, "adam", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, adamw, "adamw", {{"gamma", {1.0}}})->UseManualTime();

void sde(benchmark::State& state, const char* name, const char* integrator) {
  const Model m = model();
  advance(state, m.sde(name, integrator, 1, Point::Constant(coordinates, 0.01), Stream(1, "benchmark")));
}
BENCHMARK_CAPTURE(sde, sgd, "sgd", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, signsgd, "signsgd", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, signsgd_phase_3, "signsgd-phase-3", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, signsgd_weak_order_2, "signsgd", "weak-order-2")->UseManualTime();

}  // namespace
}  // namespace sdelens

BENCHMARK_MAIN();
