// Cost of one coordinate-step of optimizers and SDEs. Read each against `normal`, timed in the same run: the
// counter `per_normal` is that ratio.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <span>
#include <vector>

#include "suite/perf/processor_time.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr Index rows = Process::usual_rows_per_block;
constexpr Index coordinates = 2;
constexpr double numbers = static_cast<double>(rows * coordinates);

Problem problem_of(Choice optimizer) {
  return quadratic_problem(std::move(optimizer), {1.0, 2.0}, 0.1, 1e-3, Point::Constant(coordinates, 0.01));
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
    const double normals = time_of_200([&] {
      stream.normal(0, step++, draws);
      benchmark::DoNotOptimize(draws.data());
    });
    const double steps = time_of_200([&] { paths->advance(); });
    fastest_normals = std::min(fastest_normals, normals);
    fastest_steps = std::min(fastest_steps, steps);
    state.SetIterationTime(steps);
  }
  state.counters["ns_per_coordinate_step"] = fastest_steps / (200.0 * numbers) * 1e9;
  state.counters["per_normal"] = fastest_steps / fastest_normals;
}

/// Times draw(step), which makes `count` draws.
template <class Draw>
void time_draws(benchmark::State& state, const char* counter, double count, const Draw& draw) {
  std::uint64_t step = 0;
  for (auto _ : state) {
    draw(step++);
    benchmark::ClobberMemory();
  }
  state.counters[counter] = benchmark::Counter(static_cast<double>(state.iterations()) * count * 1e-9,
                                               benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void time_normals(benchmark::State& state, NormalBits bits) {
  const Stream stream(1, "benchmark", bits);
  Batch draws(rows, coordinates);
  time_draws(state, "ns_per_normal", numbers, [&](std::uint64_t step) { stream.normal(0, step, draws); });
}

void normal(benchmark::State& state) { time_normals(state, NormalBits::shared); }
BENCHMARK(normal);

void normal_strict(benchmark::State& state) { time_normals(state, NormalBits::strict); }
BENCHMARK(normal_strict);

/// One run of a network: all its coordinates.
void normal_along(benchmark::State& state) {
  const Stream stream(1, "benchmark");
  std::vector<float> draws(1'000'000);
  time_draws(state, "ns_per_normal", static_cast<double>(draws.size()),
             [&](std::uint64_t step) { stream.normal_along(3, step, 0, std::span(draws)); });
}
BENCHMARK(normal_along);

void uniform(benchmark::State& state) {
  const Stream stream(1, "benchmark");
  Batch draws(rows, coordinates);
  time_draws(state, "ns_per_draw", numbers, [&](std::uint64_t step) { stream.uniform(0, step, draws); });
}
BENCHMARK(uniform);

void student_t(benchmark::State& state) {
  const Stream stream(1, "benchmark");
  Batch draws(rows, coordinates);
  time_draws(state, "ns_per_draw", numbers,
             [&](std::uint64_t step) { stream.student_t(3.0, 0, step, draws); });
}
BENCHMARK(student_t);

void optimizer(benchmark::State& state, const char* name, const Parameters& parameters) {
  advance(state, iterates(problem_of({.name = name, .given = parameters}), Stream(1, "benchmark")));
}
BENCHMARK_CAPTURE(optimizer, sgd, "sgd", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, signsgd, "signsgd", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, rmsprop, "rmsprop", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, adam, "adam", {})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, adamw, "adamw", {{"gamma", {1.0}}})->UseManualTime();
BENCHMARK_CAPTURE(optimizer, signum, "signum", {})->UseManualTime();

void sde(benchmark::State& state, const char* name, const char* integrator,
         const Parameters& parameters = {}) {
  advance(state, paths(problem_of({.name = "sgd"}),
                       {.sde = {.name = name, .given = parameters}, .integrator = integrator},
                       Stream(1, "benchmark")));
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
