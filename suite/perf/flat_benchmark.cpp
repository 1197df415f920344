// Update rules on one replica of 10^6 parameters in single precision, without the gradient's noise: the counter
// `ns_per_parameter`, and `per_normal`, its ratio to the time of one normal drawn in turn.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <span>
#include <vector>

#include "sdelens/core/random.hpp"
#include "sdelens/model/optimizer.hpp"
#include "suite/perf/processor_time.hpp"

namespace sdelens {
namespace {

constexpr std::size_t parameters = 1'000'000;
constexpr Index normals = 512;

template <class Call>
double time_of(const Call& call) {
  const double began = processor_time();
  call();
  return processor_time() - began;
}

void flat(benchmark::State& state, const char* name, const Parameters& settings) {
  const auto optimizer = make_optimizer(name, settings);
  const CoordinateRule* const rule = optimizer->coordinate_rule();
  if (rule == nullptr) {
    state.SkipWithError("its coordinates act on each other");
    return;
  }
  std::vector<float> gradient(parameters), x(parameters, 0.1F);
  for (std::size_t i = 0; i < parameters; ++i) gradient[i] = static_cast<float>(i % 1000) * 1e-3F - 0.4F;
  std::vector<std::vector<float>> columns(rule->memory().size(), std::vector<float>(parameters));
  const std::vector<std::span<float>> memory(columns.begin(), columns.end());
  rule->initialise(memory);
  const Stream stream(1, "benchmark");
  Batch draws(normals, 1);
  std::uint64_t step = 0;
  double fastest_update = 1.0;
  double fastest_normals = 1.0;
  for (auto _ : state) {
    const double update =
        time_of([&] { rule->update({.index = step, .learning_rate = 1e-3}, gradient, memory, x); });
    fastest_normals = std::min(fastest_normals, time_of([&] {
                                 for (int i = 0; i < 100; ++i) {
                                   stream.normal(0, step++, draws);
                                   benchmark::DoNotOptimize(draws.data());
                                 }
                               }));
    fastest_update = std::min(fastest_update, update);
    state.SetIterationTime(update);
  }
  const double each = fastest_update / static_cast<double>(parameters);
  state.counters["ns_per_parameter"] = each * 1e9;
  state.counters["per_normal"] = each / (fastest_normals / (100.0 * static_cast<double>(normals)));
}
BENCHMARK_CAPTURE(flat, sgd, "sgd", {})->UseManualTime();
BENCHMARK_CAPTURE(flat, signsgd, "signsgd", {})->UseManualTime();
BENCHMARK_CAPTURE(flat, signum, "signum", {})->UseManualTime();
BENCHMARK_CAPTURE(flat, rmsprop, "rmsprop", {})->UseManualTime();
BENCHMARK_CAPTURE(flat, adamw, "adamw", {{"gamma", {1.0}}})->UseManualTime();
BENCHMARK_CAPTURE(flat, adam, "adam", {})->UseManualTime();

}  // namespace
}  // namespace sdelens
