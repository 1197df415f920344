// Whole figures at the standard tier, which is the paper's scale, on all cores: seconds of simulation and
// judgement, and the program's peak memory so far.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <string>
#include <thread>

#include "suite/program/runner.hpp"

namespace sdelens {
namespace {

void figures_2_and_6(benchmark::State& state) {
  RunSettings settings{.seed = 1, .threads = static_cast<int>(std::thread::hardware_concurrency())};
  for (auto _ : state) {
    for (const Experiment& experiment : Registry<Experiment>::all().entries()) {
      if (!experiment.name.starts_with("fig2-") && !experiment.name.starts_with("fig6-")) continue;
      const Record record = PlannedExperiment(experiment, settings).run([](std::uint64_t) {}, {});
      state.counters[experiment.name + "_s"] = record.seconds;
      if (record.outcome != Outcome::completed) state.SkipWithError(record.reason.c_str());
    }
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.counters["peak_MB"] = static_cast<double>(usage.ru_maxrss) / 1024.0;
}
BENCHMARK(figures_2_and_6)->UseRealTime()->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace sdelens
