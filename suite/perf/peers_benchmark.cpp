// The same runs in NumPy and here, on all cores: the counter `times_faster` is the ratio of wall time. Before
// anything is timed both must have the same stationary loss.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t runs = 500;
constexpr std::uint64_t steps = 20000;

struct Timing {
  double seconds, loss, standard_error;
};

/// Empty if there is no Python with NumPy.
std::unique_ptr<Timing> numpy(const char* optimizer) {
  const std::string command = fmt::format("/usr/bin/python3 {}/suite/perf/peers/numpy_twin.py {} {} {} 1",
                                          SDELENS_SOURCE_DIR, optimizer, runs, steps);
  const std::unique_ptr<FILE, int (*)(FILE*)> output(popen(command.c_str(), "r"), pclose);
  auto timing = std::make_unique<Timing>();
  if (!output || std::fscanf(output.get(), "%lf %lf %lf", &timing->seconds, &timing->loss,
                             &timing->standard_error) != 3) {
    return nullptr;
  }
  return timing;
}

Timing ours(const char* optimizer, const Parameters& parameters) {
  const Model model = quadratic_with_gaussian_noise({1.0, 2.0}, 0.1, 1e-2);
  Ensemble ensemble(
      optimizer, model.optimizer(optimizer, parameters, Point::Constant(2, 0.01), Stream(1, "peer")),
      model.observables(),
      {.windows = {{.name = "second half", .first = steps / 2 + 1, .last = steps, .every = 11}}});
  const auto began = std::chrono::steady_clock::now();
  ensemble.extend_to(runs, {.threads = static_cast<int>(std::thread::hardware_concurrency())});
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - began;
  const Measurement loss = mean_of(ensemble.average("second half", "f"));
  return {taken.count(), loss.value, loss.standard_error};
}

void against_numpy(benchmark::State& state, const char* optimizer, const Parameters& parameters) {
  const std::unique_ptr<Timing> peer = numpy(optimizer);
  if (!peer) {
    state.SkipWithError("no NumPy: install python3-numpy");
    return;
  }
  Timing best = ours(optimizer, parameters);
  const double error = std::hypot(best.standard_error, peer->standard_error);
  if (std::abs(best.loss - peer->loss) > 6.0 * error) {
    state.SkipWithError("the two have different losses: nothing to time");
    return;
  }
  for (auto _ : state) {
    const Timing timing = ours(optimizer, parameters);
    best.seconds = std::min(best.seconds, timing.seconds);
    state.SetIterationTime(timing.seconds);
  }
  state.counters["numpy_seconds"] = peer->seconds;
  state.counters["times_faster"] = peer->seconds / best.seconds;
}
BENCHMARK_CAPTURE(against_numpy, signsgd, "signsgd", {})->UseManualTime()->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(against_numpy, adamw, "adamw", {{"gamma", {1.0}}})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace sdelens
