#include "sdelens/ensemble/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <utility>

namespace sdelens {
namespace {

/// Between two looks at the stop token, and two calls of progress.
constexpr std::uint64_t steps_between_reports = 1024;

/// How many replicas of a block advance together: as many as keep the numbers of one step in the cache of a core.
/// A replica's path does not depend on it.
Index replicas_together(Index dimension) {
  constexpr Index numbers_in_cache = 1 << 15;
  constexpr Index fewest = 16;
  Index result = Ensemble::block;
  while (result > fewest && result * dimension > numbers_in_cache) result /= 2;
  return result;
}

}  // namespace

std::vector<Observable> coordinates_and_loss(const std::shared_ptr<const Landscape>& landscape) {
  std::vector<Observable> result;
  for (Index i = 0; i < landscape->dimension(); ++i) {
    result.push_back(
        {.name = fmt::format("x{}", i + 1), .evaluate = [i](In x, OutColumn value) { value = x.col(i); }});
  }
  result.push_back({.name = "f", .evaluate = [landscape](In state, OutColumn value) {
                      landscape->value(state.leftCols(landscape->dimension()), value);
                    }});
  return result;
}

/// What one block adds.
struct Ensemble::Block {
  std::vector<GroupedMoments> moments;
  std::uint64_t non_finite = 0;
  std::uint64_t outside = 0;
  bool finished = false;
};

Ensemble::Ensemble(std::string name, std::shared_ptr<const Process> process,
                   std::vector<Observable> observables, Recording recording)
    : name_(std::move(name)),
      process_(std::move(process)),
      observables_(std::move(observables)),
      recording_(std::move(recording)) {
  const std::string owner = "ensemble " + name_;
  if (recording_.steps.empty() && recording_.windows.empty()) {
    throw InvalidParameter(owner, "recording", "must have a step or a window");
  }
  if (!std::ranges::is_sorted(recording_.steps, std::less_equal<>())) {
    throw InvalidParameter(owner, "recording.steps", "must increase strictly");
  }
  if (!recording_.steps.empty()) steps_ = recording_.steps.back();
  for (const Window& window : recording_.windows) {
    if (window.every == 0 || window.first > window.last) {
      throw InvalidParameter(owner, "window " + window.name, "must have first <= last and every >= 1");
    }
    steps_ = std::max(steps_, window.last);
  }
}

Ensemble::Block Ensemble::run_block(std::uint64_t first_replica, Index replicas,
                                    const Execution& execution) const {
  Block result;
  result.moments.resize(moments_.size());
  const Index together = replicas_together(process_->dimension());
  for (Index row = 0; row < replicas; row += together) {
    const bool finished = run_rows(first_replica + static_cast<std::uint64_t>(row),
                                   std::min(together, replicas - row), execution, result);
    if (!finished) return result;
  }
  result.finished = true;
  return result;
}

bool Ensemble::run_rows(std::uint64_t first_replica, Index replicas, const Execution& execution,
                        Block& result) const {
  const std::unique_ptr<Paths> paths = process_->start(first_replica, replicas);
  const auto observables = static_cast<Index>(observables_.size());
  Batch values(replicas, observables);
  std::vector<Batch> sums(recording_.windows.size(), Batch::Zero(replicas, observables));
  std::vector<double> counts(recording_.windows.size(), 0.0);
  Eigen::Array<bool, Eigen::Dynamic, 1> broken =
      Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(replicas, false);
  std::size_t next = 0;
  std::uint64_t reported = 0;

  const auto observe = [&](std::uint64_t step) {
    const bool recorded = next < recording_.steps.size() && recording_.steps[next] == step;
    const auto in_window = [step](const Window& window) {
      return step >= window.first && step <= window.last && (step - window.first) % window.every == 0;
    };
    if (!recorded && std::ranges::none_of(recording_.windows, in_window)) return;
    for (Index o = 0; o < observables; ++o) {
      observables_[static_cast<std::size_t>(o)].evaluate(paths->state(), values.col(o));
    }
    broken = broken || !values.isFinite().rowwise().all();
    if (recorded) {
      for (Index o = 0; o < observables; ++o) {
        result.moments[next * observables_.size() + static_cast<std::size_t>(o)].observe(first_replica,
                                                                                         values.col(o));
      }
      ++next;
    }
    for (std::size_t w = 0; w < recording_.windows.size(); ++w) {
      if (!in_window(recording_.windows[w])) continue;
      sums[w] += values;
      counts[w] += 1.0;
    }
  };

  observe(0);
  for (std::uint64_t step = 1; step <= steps_; ++step) {
    paths->advance();
    observe(step);
    if (step % steps_between_reports != 0 && step != steps_) continue;
    if (execution.progress) execution.progress((step - reported) * static_cast<std::uint64_t>(replicas));
    reported = step;
    if (execution.stop.stop_requested() && step != steps_) return false;
  }
  for (std::size_t w = 0; w < recording_.windows.size(); ++w) {
    const Batch averages = sums[w] / counts[w];
    for (Index o = 0; o < observables; ++o) {
      const std::size_t place =
          (recording_.steps.size() + w) * observables_.size() + static_cast<std::size_t>(o);
      result.moments[place].observe(first_replica, averages.col(o));
    }
  }
  result.non_finite += static_cast<std::uint64_t>(broken.count());
  result.outside += paths->outside();
  return true;
}

bool Ensemble::extend_to(std::uint64_t replicas, const Execution& execution) {
  require_in(Range::at_least(1.0), "ensemble " + name_, "execution.threads", execution.threads);
  if (replicas <= replicas_) return true;
  moments_.resize((recording_.steps.size() + recording_.windows.size()) * observables_.size());
  // Blocks end at multiples of the block size, so that an extension meets the same boundaries as a single
  // run.
  constexpr auto size = static_cast<std::uint64_t>(block);
  const std::uint64_t begin = replicas_;
  const std::uint64_t first_block = begin / size;
  const auto count = static_cast<std::int64_t>((replicas + size - 1) / size - first_block);
  Execution shared = execution;
  std::mutex mutex;
  if (execution.progress) {
    shared.progress = [&](std::uint64_t done) {
      const std::lock_guard lock(mutex);
      execution.progress(done);
    };
  }
  bool complete = true;
  std::exception_ptr failure;
  // Blocks after one that threw are not begun; those before it are, so that it does not matter who was first.
  std::atomic<std::int64_t> thrown_by = count;
#pragma omp parallel for ordered schedule(dynamic, 1) num_threads(execution.threads)
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint64_t number = first_block + static_cast<std::uint64_t>(i);
    const std::uint64_t first = std::max(begin, number * size);
    const std::uint64_t end = std::min(replicas, (number + 1) * size);
    Block result;
    std::exception_ptr thrown;
    try {
      if (!shared.stop.stop_requested() && i < thrown_by) {
        result = run_block(first, static_cast<Index>(end - first), shared);
      }
    } catch (...) {
      thrown = std::current_exception();
      std::int64_t earliest = thrown_by;
      while (i < earliest && !thrown_by.compare_exchange_weak(earliest, i)) {
      }
    }
#pragma omp ordered
    {
      if (thrown && !failure) failure = thrown;
      complete = complete && result.finished && !failure;
      if (complete) {
        for (std::size_t j = 0; j < moments_.size(); ++j) moments_[j].merge(result.moments[j]);
        non_finite_ += result.non_finite;
        outside_ += result.outside;
        replicas_ = end;
      }
    }
  }
  if (failure) std::rethrow_exception(failure);
  return complete;
}

std::vector<double> Ensemble::times() const {
  std::vector<double> result;
  for (const std::uint64_t step : recording_.steps) result.push_back(process_->time(step));
  return result;
}

std::vector<double> Ensemble::iterations() const {
  std::vector<double> result;
  for (const std::uint64_t step : recording_.steps) result.push_back(process_->iteration(step));
  return result;
}

std::size_t Ensemble::observable_index(std::string_view name) const {
  const auto found = std::ranges::find(observables_, name, &Observable::name);
  if (found != observables_.end()) return static_cast<std::size_t>(found - observables_.begin());
  std::vector<std::string> names;
  for (const Observable& observable : observables_) names.push_back(observable.name);
  throw UnknownName("observable of " + name_, name, names);
}

Sample Ensemble::at(std::size_t i, std::string_view observable) const {
  if (replicas_ == 0) throw InvalidParameter("ensemble " + name_, "replicas", "are 0: nothing has run");
  if (i >= recording_.steps.size()) {
    throw InvalidParameter("ensemble " + name_, "i",
                           fmt::format("is {}, but {} steps were recorded", i, recording_.steps.size()));
  }
  return {moments_[i * observables_.size() + observable_index(observable)], *this,
          process_->iteration(recording_.steps[i])};
}

Sample Ensemble::average(std::string_view window, std::string_view observable) const {
  if (replicas_ == 0) throw InvalidParameter("ensemble " + name_, "replicas", "are 0: nothing has run");
  const auto found = std::ranges::find(recording_.windows, window, &Window::name);
  if (found == recording_.windows.end()) {
    std::vector<std::string> names;
    for (const Window& entry : recording_.windows) names.push_back(entry.name);
    throw UnknownName("window of " + name_, window, names);
  }
  const auto row = recording_.steps.size() + static_cast<std::size_t>(found - recording_.windows.begin());
  return {moments_[row * observables_.size() + observable_index(observable)], *this, std::nullopt};
}

}  // namespace sdelens
