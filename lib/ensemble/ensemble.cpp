#include "sdelens/ensemble/ensemble.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "sdelens/core/check.hpp"
#include "sdelens/ensemble/work_queue.hpp"

namespace sdelens {
namespace {

/// Between two looks at the stop token, and two calls of progress.
constexpr std::uint64_t steps_between_reports = 1024;

/// How many replicas of a block advance together: as many as keep the numbers of one step in the cache of a core.
/// A replica's path does not depend on it.
Index replicas_together(const Process& process) {
  constexpr Index numbers_in_cache = 1 << 15;
  constexpr Index fewest = 16;
  Index result = process.rows_per_block();
  while (result > fewest && result * process.dimension() > numbers_in_cache) result /= 2;
  return result;
}

bool in_window(const Window& window, std::uint64_t step) {
  return step >= window.first && step <= window.last && (step - window.first) % window.every == 0;
}

/// The number of steps.
/// @throw InvalidParameter
std::uint64_t checked_steps(const std::string& owner, const Recording& recording) {
  if (recording.steps.empty() && recording.windows.empty()) {
    throw InvalidParameter(owner, "recording", "must have a step or a window");
  }
  if (!std::ranges::is_sorted(recording.steps, std::less_equal<>())) {
    throw InvalidParameter(owner, "recording.steps", "must increase strictly");
  }
  std::uint64_t steps = recording.steps.empty() ? 0 : recording.steps.back();
  for (const Window& window : recording.windows) {
    if (window.every == 0 || window.first > window.last) {
      throw InvalidParameter(owner, "window " + window.name, "must have first <= last and every >= 1");
    }
    steps = std::max(steps, window.last);
  }
  return steps;
}

Origin origin_of(const std::string& name, const Process& process, const std::vector<Observable>& observables,
                 const Recording& recording) {
  require_in(Range::at_least(1.0), "ensemble " + name, "rows_per_block",
             static_cast<double>(process.rows_per_block()));
  std::string text = fmt::format("{}\n", fmt::join(recording.steps, " "));
  for (const Window& window : recording.windows) {
    text += fmt::format("{} {} {} {}\n", window.first, window.last, window.every, window.name);
  }
  for (const Observable& observable : observables) text += observable.name + "\n";
  return {.ensemble = name,
          .recording = checksum(std::as_bytes(std::span(text))),
          .rows_per_block = static_cast<std::uint64_t>(process.rows_per_block())};
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

/// Records what is asked of some replicas on their way, and adds it to the moments of their block.
class Ensemble::Recorder {
 public:
  Recorder(const Ensemble& ensemble, const Paths& paths, Index replicas, BlockMoments& block)
      : ensemble_(ensemble),
        paths_(paths),
        block_(block),
        first_replica_(block.end()),
        values_(replicas, static_cast<Index>(ensemble.observables_.size())),
        sums_(windows().size(), Batch::Zero(replicas, values_.cols())),
        counts_(windows().size(), 0.0),
        broken_(Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(replicas, false)) {}

  void observe(std::uint64_t step) {
    const std::vector<std::uint64_t>& steps = ensemble_.recording_.steps;
    const bool recorded = next_ < steps.size() && steps[next_] == step;
    const bool averaged =
        std::ranges::any_of(windows(), [step](const Window& window) { return in_window(window, step); });
    if (!recorded && !averaged) return;
    for (Index o = 0; o < values_.cols(); ++o) {
      paths_.observe(ensemble_.observables_[static_cast<std::size_t>(o)], values_.col(o));
    }
    broken_ = broken_ || !values_.isFinite().rowwise().all();
    if (recorded) add(next_++, values_);
    for (std::size_t w = 0; w < windows().size(); ++w) {
      if (!in_window(windows()[w], step)) continue;
      sums_[w] += values_;
      counts_[w] += 1.0;
    }
  }

  void finish() {
    for (std::size_t w = 0; w < windows().size(); ++w) {
      add(ensemble_.recording_.steps.size() + w, sums_[w] / counts_[w]);
    }
    block_.replicas += static_cast<std::uint64_t>(values_.rows());
    block_.non_finite += static_cast<std::uint64_t>(broken_.count());
    block_.outside += paths_.outside();
  }

 private:
  const std::vector<Window>& windows() const { return ensemble_.recording_.windows; }

  /// @param place  of the recorded step, or behind all of them of the window
  void add(std::size_t place, const Batch& values) {
    const std::size_t observables = ensemble_.observables_.size();
    for (std::size_t o = 0; o < observables; ++o) {
      block_.moments[place * observables + o].observe(first_replica_, values.col(static_cast<Index>(o)));
    }
  }

  const Ensemble& ensemble_;
  const Paths& paths_;
  BlockMoments& block_;
  std::uint64_t first_replica_;
  std::size_t next_ = 0;
  Batch values_;
  std::vector<Batch> sums_;
  std::vector<double> counts_;
  Eigen::Array<bool, Eigen::Dynamic, 1> broken_;
};

Ensemble::Ensemble(std::string name, std::shared_ptr<const Process> process,
                   std::vector<Observable> observables, Recording recording)
    : name_(std::move(name)),
      process_(std::move(process)),
      observables_(std::move(observables)),
      recording_(std::move(recording)),
      steps_(checked_steps("ensemble " + name_, recording_)),
      moments_(origin_of(name_, *process_, observables_, recording_)) {}

bool Ensemble::simulate(Index replicas, const Execution& execution, BlockMoments& block) const {
  const std::unique_ptr<Paths> paths = process_->start(block.end(), replicas);
  Recorder recorder(*this, *paths, replicas, block);
  std::uint64_t reported = 0;
  recorder.observe(0);
  for (std::uint64_t step = 1; step <= steps_; ++step) {
    paths->advance();
    recorder.observe(step);
    if (step % steps_between_reports != 0 && step != steps_) continue;
    if (execution.progress) execution.progress((step - reported) * static_cast<std::uint64_t>(replicas));
    reported = step;
    if (execution.stop.stop_requested() && step != steps_) return false;
  }
  recorder.finish();
  return true;
}

std::optional<BlockMoments> Ensemble::extended(BlockMoments block, std::uint64_t end,
                                               const Execution& execution) const {
  require_origin(block.origin);
  const std::uint64_t most = block.first_replica + block.origin.rows_per_block;
  if (end < block.end() || end > most) {
    throw InvalidParameter("ensemble " + name_, "end",
                           fmt::format("is {}, but must be in [{}, {}]", end, block.end(), most));
  }
  block.moments.resize((recording_.steps.size() + recording_.windows.size()) * observables_.size());
  const auto together = static_cast<std::uint64_t>(replicas_together(*process_));
  while (block.end() < end) {
    if (execution.stop.stop_requested()) return std::nullopt;
    const std::uint64_t replicas = std::min(together, end - block.end());
    if (!simulate(static_cast<Index>(replicas), execution, block)) return std::nullopt;
  }
  return block;
}

bool Ensemble::extend(Segment& segment, std::uint64_t end, const Execution& execution) const {
  require_origin(segment.origin());
  while (!segment.full() && segment.begun_block().end() < end) {
    const BlockMoments& begun = segment.begun_block();
    const std::uint64_t block_end = begun.first_replica + begun.origin.rows_per_block;
    std::optional<BlockMoments> block = extended(begun, std::min(end, block_end), execution);
    if (!block) return false;
    segment.add(std::move(*block));
  }
  return true;
}

bool Ensemble::extend_to(std::uint64_t replicas, const Execution& execution) {
  require_in(Range::at_least(1.0), "ensemble " + name_, "execution.threads", execution.threads);
  if (replicas <= this->replicas()) return true;
  Ending ending{.complete = false};
  WorkQueue queue;
  queue.add(
      {.wanted = {{.ensemble = this, .replicas = replicas}}, .finish = [&ending](const Ending& reached) {
         ending = reached;
         return std::vector<Extension>{};
       }});
  queue.run(execution);
  if (ending.failure) std::rethrow_exception(ending.failure);
  return ending.complete;
}

void Ensemble::require_origin(const Origin& origin) const {
  if (origin == moments_.origin()) return;
  throw InvalidParameter("ensemble " + name_, "origin",
                         fmt::format("of the moments is {}, but must be {}", origin.description(),
                                     moments_.origin().description()));
}

void Ensemble::resume_from(EnsembleMoments moments) {
  require_origin(moments.origin());
  total_ = moments.total();
  moments_ = std::move(moments);
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
  if (replicas() == 0) throw InvalidParameter("ensemble " + name_, "replicas", "are 0: nothing has run");
  if (i >= recording_.steps.size()) {
    throw InvalidParameter("ensemble " + name_, "i",
                           fmt::format("is {}, but {} steps were recorded", i, recording_.steps.size()));
  }
  return {total_.moments[i * observables_.size() + observable_index(observable)], *this,
          process_->iteration(recording_.steps[i])};
}

Sample Ensemble::average(std::string_view window, std::string_view observable) const {
  if (replicas() == 0) throw InvalidParameter("ensemble " + name_, "replicas", "are 0: nothing has run");
  const auto found = std::ranges::find(recording_.windows, window, &Window::name);
  if (found == recording_.windows.end()) {
    std::vector<std::string> names;
    for (const Window& entry : recording_.windows) names.push_back(entry.name);
    throw UnknownName("window of " + name_, window, names);
  }
  const auto row = recording_.steps.size() + static_cast<std::size_t>(found - recording_.windows.begin());
  return {total_.moments[row * observables_.size() + observable_index(observable)], *this, std::nullopt};
}

}  // namespace sdelens
