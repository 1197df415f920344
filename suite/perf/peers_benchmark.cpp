// The same runs in NumPy and here, on all cores, and in hand-written C++ and here, on one: the counter
// `times_faster` is the ratio of time. Before anything is timed both must have the same stationary loss.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "sdelens/statistics/jackknife.hpp"
#include "suite/perf/peers/xoshiro_twin.hpp"
#include "suite/perf/processor_time.hpp"
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

/// That of numpy_twin.py and xoshiro_twin.cpp.
Problem twin_problem(const char* optimizer, const Parameters& parameters) {
  return quadratic_problem({.name = optimizer, .given = parameters}, {1.0, 2.0}, 0.1, 1e-2,
                           Point::Constant(2, 0.01));
}

Timing ours(const char* optimizer, const Parameters& parameters) {
  const Problem problem = twin_problem(optimizer, parameters);
  Ensemble ensemble(
      optimizer, iterates(problem, Stream(1, "peer")), coordinates_and_loss(problem.loss),
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

constexpr Index block = Process::usual_rows_per_block;

std::unique_ptr<XoshiroTwin> require_xoshiro_twin(benchmark::State& state, const char* optimizer,
                                                  std::uint64_t rows) {
  auto twin = xoshiro_twin(optimizer, rows, 1);
  if (!twin) state.SkipWithError("no clang++, which makes the faster code of this peer: install clang");
  return twin;
}

/// The loss of each run averaged over the second half of the steps.
Timing loss_of(XoshiroTwin& twin) {
  Column total = Column::Zero(runs);
  double observed = 0.0;
  for (std::uint64_t step = 1; step <= steps; ++step) {
    twin.step();
    if (step <= steps / 2 || step % 11 != 0) continue;
    const Eigen::Map<const Batch> x(twin.x().data(), runs, 2);
    total += 0.5 * (x.col(0).square() + 2.0 * x.col(1).square());
    observed += 1.0;
  }
  const Column loss = total / observed;
  const double variance = (loss - loss.mean()).square().sum() / static_cast<double>(runs - 1);
  return {0.0, loss.mean(), std::sqrt(variance / static_cast<double>(runs))};
}

/// Times both in turn and compares the fastest of each.
template <class Ours, class Peer>
void in_turn(benchmark::State& state, const Ours& ours, const Peer& peer) {
  double fastest = 1.0;
  double fastest_peer = 1.0;
  for (auto _ : state) {
    const double seconds = time_of_200(ours);
    fastest = std::min(fastest, seconds);
    fastest_peer = std::min(fastest_peer, time_of_200(peer));
    state.SetIterationTime(seconds);
  }
  constexpr double numbers = 200.0 * 2.0 * static_cast<double>(block);
  state.counters["ns"] = fastest / numbers * 1e9;
  state.counters["peer_ns"] = fastest_peer / numbers * 1e9;
  state.counters["times_faster"] = fastest_peer / fastest;
}

void normals_against_xoshiro(benchmark::State& state) {
  const std::unique_ptr<XoshiroTwin> peer = require_xoshiro_twin(state, "signsgd", 1);
  if (!peer) return;
  const Stream stream(1, "peer");
  Batch draws(block, 2);
  std::vector<double> peer_draws(2 * block);
  std::uint64_t step = 0;
  in_turn(
      state, [&] { stream.normal(0, step++, draws); }, [&] { peer->normals(peer_draws); });
}
BENCHMARK(normals_against_xoshiro)->UseManualTime();

void against_xoshiro(benchmark::State& state, const char* optimizer, const Parameters& parameters) {
  const std::unique_ptr<XoshiroTwin> checked = require_xoshiro_twin(state, optimizer, runs);
  if (!checked) return;
  const Timing exact = ours(optimizer, parameters);
  const Timing twin = loss_of(*checked);
  if (std::abs(exact.loss - twin.loss) > 6.0 * std::hypot(exact.standard_error, twin.standard_error)) {
    state.SkipWithError("the two have different losses: nothing to time");
    return;
  }
  const std::unique_ptr<XoshiroTwin> peer = require_xoshiro_twin(state, optimizer, block);
  const Problem problem = twin_problem(optimizer, parameters);
  // Paths refer to their process.
  const std::shared_ptr<const Process> process = iterates(problem, Stream(1, "peer"));
  const std::unique_ptr<Paths> paths = process->start(0, block);
  in_turn(
      state, [&] { paths->advance(); }, [&] { peer->step(); });
}
BENCHMARK_CAPTURE(against_xoshiro, signsgd, "signsgd", {})->UseManualTime();
BENCHMARK_CAPTURE(against_xoshiro, adamw, "adamw", {{"gamma", {1.0}}})->UseManualTime();

}  // namespace
}  // namespace sdelens
