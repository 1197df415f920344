#include "suite/program/progress.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>
#include <vector>

#include "sdelens/core/nearest.hpp"
#include "suite/program/streams.hpp"

namespace sdelens {
namespace {

using Clock = std::chrono::steady_clock;

class Silent final : public Progress {
 public:
  void begin(const std::string&, std::uint64_t, std::uint64_t) override {}
  void advance(std::uint64_t) override {}
  void end(const std::string&, const std::string&) override {}
};

/// The experiments that have begun and not ended, in the order of their beginning.
class Running {
 public:
  struct Entry {
    std::string experiment, label;
    Clock::time_point began = Clock::now();
  };

  const Entry& begin(const std::string& experiment, std::uint64_t number, std::uint64_t count) {
    entries_.push_back(
        {.experiment = experiment, .label = fmt::format("[{}/{}] {}", number, count, experiment)});
    return entries_.back();
  }
  Entry end(const std::string& experiment) {
    const auto found = std::ranges::find(entries_, experiment, &Entry::experiment);
    if (found == entries_.end()) throw std::logic_error("'" + experiment + "' ended and had not begun");
    Entry result = *found;
    entries_.erase(found);
    return result;
  }
  /// Of the one that began first; empty if none runs.
  std::string label() const { return entries_.empty() ? "" : entries_.front().label; }

 private:
  std::vector<Entry> entries_;
};

class Lines final : public Progress {
 public:
  void begin(const std::string& experiment, std::uint64_t number, std::uint64_t count) override {
    print_message("{} ...\n", running_.begin(experiment, number, count).label);
  }
  void advance(std::uint64_t) override {}
  void end(const std::string& experiment, const std::string& result) override {
    const Running::Entry entry = running_.end(experiment);
    const std::chrono::duration<double> taken = Clock::now() - entry.began;
    print_message("{}: {} in {:.1f} s\n", entry.label, result, taken.count());
  }

 private:
  Running running_;
};

class Bar final : public Progress {
 public:
  explicit Bar(std::uint64_t total)
      : total_(std::max<std::uint64_t>(total, 1)), began_(Clock::now()), drawn_(began_) {}

  void begin(const std::string& experiment, std::uint64_t number, std::uint64_t count) override {
    running_.begin(experiment, number, count);
    draw();
  }

  void advance(std::uint64_t work) override {
    done_ += work;
    total_ = std::max(total_, done_);
    if (Clock::now() - drawn_ > std::chrono::milliseconds(200)) draw();
  }

  void end(const std::string& experiment, const std::string& result) override {
    print_progress("\r\033[K");
    print_message("{}: {}\n", running_.end(experiment).label, result);
  }

 private:
  void draw() {
    drawn_ = Clock::now();
    constexpr int width = 30;
    const double fraction = static_cast<double>(done_) / static_cast<double>(total_);
    const int filled = static_cast<int>(fraction * width);
    const std::chrono::duration<double> taken = drawn_ - began_;
    const std::string left =
        fraction > 0.01 ? fmt::format("about {:.0f} s left", taken.count() * (1.0 - fraction) / fraction)
                        : "";
    print_progress(fmt::format("\r\033[K{:<28} |{:#<{}}{:.<{}}| {:3.0f} %  {}", running_.label(), "", filled,
                               "", width - filled, 100.0 * fraction, left));
  }

  std::uint64_t total_;
  std::uint64_t done_ = 0;
  Clock::time_point began_, drawn_;
  Running running_;
};

}  // namespace

std::unique_ptr<Progress> make_progress(const std::string& kind, std::uint64_t total_work) {
  if (kind == "none") return std::make_unique<Silent>();
  if (kind == "lines") return std::make_unique<Lines>();
  if (kind == "bar") return std::make_unique<Bar>(total_work);
  if (kind != "auto") {
    throw UnknownName("kind of progress", kind, std::vector<std::string>{"auto", "bar", "lines", "none"});
  }
  const bool terminal = isatty(STDERR_FILENO) == 1 && std::getenv("CI") == nullptr;
  return make_progress(terminal ? "bar" : "lines", total_work);
}

}  // namespace sdelens
