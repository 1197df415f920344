// Cost of one coordinate-step of optimizers and SDEs. Read each against `normal`, timed in the same run: the
// counter `per_normal` is that ratio.
#include <benchmark/benchmark.h>

#include <algorithm>

#include "suite/perf/processor_time.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr Index rows = Process::usual_rows_per_block;
constexpr Index coordinates = 2;
constexpr double numbers = static_cast<double>(rows * coordinates);

Model model() { return quadratic_with_gaussian_noise({1.0, 2.0}, 0.1, 1e-3); }

/// The seconds that 200 calls take.
template <class Call>
double time_of(const Call& call) {
  const double began = processor_time();
  for (int i = 0; i < 200; ++i) call();
  return processor_time() - began;
}

/// Times steps of a process in turn with the normals alone, and compares the fastest of each.
void advance(benchmark::State& state, const std::shared_ptr<const Process>& process) {
  const std::unique_ptr<Paths> paths = process->start(0, rows);
  const Stream stream(1, "benchmark");
  Batch draws(rows, coordinates);
  std::uint64_t step = 0;
  double fastest_normals = 1.0;
  double fastest_steps = 1.0;
  for (auto _ : state) {
    const double normals = time_of([&] {
      stream.normal(0, step++, draws);
      benchmark::DoNotOptimize(draws.data());
    });
    const double steps = time_of([&] { paths->advance(); });
    fastest_normals = std::min(fastest_normals, normals);
    fastest_steps = std::min(fastest_steps, steps);
    state.SetIterationTime(steps);
  }
  state.counters["ns_per_coordinate_step"] = fastest_steps / (200.0 * numbers) * 1e9;
  state.counters["per_normal"] = fastest_steps / fastest_normals;
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
BENCHMARK_CAPTURE(optimizer, signum, "signum", {})->UseManualTime();

void sde(benchmark::State& state, const char* name, const char* integrator,
         const Parameters& parameters = {}) {
  const Model m = model();
  advance(state,
          m.sde(name, parameters, integrator, 1, Point::Constant(coordinates, 0.01), Stream(1, "benchmark")));
}
BENCHMARK_CAPTURE(sde, rmsprop, "rmsprop", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, rmspropw, "rmspropw", "euler-maruyama", {{"gamma", {1.0}}})->UseManualTime();
BENCHMARK_CAPTURE(sde, adam, "adam", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, adamw, "adamw", "euler-maruyama", {{"gamma", {1.0}}})->UseManualTime();
BENCHMARK_CAPTURE(sde, adamw_corrected, "adamw-corrected", "euler-maruyama", {{"gamma", {1.0}}})
    ->UseManualTime();
BENCHMARK_CAPTURE(sde, sgd, "sgd", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, signsgd, "signsgd", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, signsgd_phase_3, "signsgd-phase-3", "euler-maruyama")->UseManualTime();
BENCHMARK_CAPTURE(sde, signsgd_weak_order_2, "signsgd", "weak-order-2")->UseManualTime();

}  // namespace
}  // namespace sdelens

BENCHMARK_MAIN();
