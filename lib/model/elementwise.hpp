#pragma once

#include <fmt/format.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sdelens/model/flat.hpp"
#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/rule.hpp"

namespace sdelens {

/// An update rule of one coordinate (rule.hpp) on all coordinates: it owns the loops and where the numbers lie, for
/// blocks of replicas in double precision and for flat arrays of floats.
template <class Rule>
class Elementwise final : public Optimizer, private CoordinateRule {
  static constexpr std::size_t kept = memory_of<Rule>;
  static constexpr std::make_index_sequence<kept> each{};

 public:
  /// @param owner    begins the messages about the memory
  /// @param initial  the memory before the first step, by its name in the rule: one number for all coordinates or one
  ///                 for each; 0 for what is not named
  Elementwise(std::string owner, Rule rule, const Parameters& initial)
      : owner_(std::move(owner)), rule_(std::move(rule)) {
    std::size_t found = 0;
    for (std::size_t j = 0; j < kept; ++j) {
      const auto given = initial.find(Rule::memory[j]);
      initial_[j] = given == initial.end() ? std::vector{0.0} : given->second;
      found += given == initial.end() ? 0 : 1;
    }
    if (found != initial.size()) throw std::logic_error(owner_ + ": an initial value of no memory");
  }

  Index memory_columns(Index dimension) const override { return static_cast<Index>(kept) * dimension; }

  void initialise(Out memory) const override {
    if constexpr (kept > 0) {
      const Index dimension = memory.cols() / static_cast<Index>(kept);
      for (Index column = 0; column < memory.cols(); ++column)
        memory.col(column) =
            initial(static_cast<std::size_t>(column / dimension), dimension, column % dimension);
    }
  }

  void update(Step step, In gradient, Out memory, Out x) const override {
    const Rule rule = rule_;
    const auto now = rule.at(step.learning_rate, static_cast<double>(step.index));
    for (Index i = 0; i < x.cols(); ++i) {
      std::array<double*, kept> columns;
      for (std::size_t j = 0; j < kept; ++j)
        columns[j] = memory.col(static_cast<Index>(j) * x.cols() + i).data();
      advance(rule, now, x.rows(), gradient.col(i).data(), columns, x.col(i).data(), each);
    }
  }

  const CoordinateRule* coordinate_rule() const override { return this; }

 private:
  template <class Numbers, std::size_t... j>
  static void advance(const Rule& rule, const Numbers& now, Index rows, const double* g,
                      const std::array<double*, kept>& memory, double* x, std::index_sequence<j...>) {
#pragma omp simd
    for (Index row = 0; row < rows; ++row) rule.step(now, g[row], memory[j][row]..., x[row]);
  }

  std::vector<std::string> memory() const override { return {Rule::memory.begin(), Rule::memory.end()}; }

  std::vector<double> kinks(std::span<const double> memory) const override {
    if (memory.size() != kept) {
      throw InvalidParameter(owner_, "memory", fmt::format("has {} numbers, not {}", memory.size(), kept));
    }
    return kinks_at(memory, each);
  }

  template <std::size_t... j>
  std::vector<double> kinks_at([[maybe_unused]] std::span<const double> memory,
                               std::index_sequence<j...>) const {
    if constexpr (requires { rule_.template kinks<double>(memory[j]...); }) {
      const auto found = rule_.template kinks<double>(memory[j]...);
      return {found.begin(), found.end()};
    } else {
      return {};
    }
  }

  void initialise(FlatArrays memory) const override {
    require_arrays(memory, memory.empty() ? 0 : memory.front().size());
    for (std::size_t j = 0; j < kept; ++j) {
      const auto size = std::ssize(memory[j]);
      for (std::ptrdiff_t i = 0; i < size; ++i)
        memory[j][static_cast<std::size_t>(i)] = static_cast<float>(initial(j, size, i));
    }
  }

  void update(Step step, std::span<const float> gradient, FlatArrays memory,
              std::span<float> x) const override {
    require_arrays(memory, x.size());
    if (gradient.size() != x.size()) {
      throw InvalidParameter(owner_, "gradient",
                             fmt::format("has {} entries, not {}", gradient.size(), x.size()));
    }
    const Rule rule = rule_;
    const auto now = rule.at(step.learning_rate, static_cast<double>(step.index));
    std::array<float*, kept + 1> written;
    for (std::size_t j = 0; j < kept; ++j) written[j] = memory[j].data();
    written[kept] = x.data();
    for_each_chunk<1, kept + 1>(x.size(), {gradient.data()}, written,
                                [&rule, &now](const std::array<const float*, 1>& in, const auto& out) {
                                  advance_chunk(rule, now, in[0], out, each);
                                });
  }

  /// A number of an array for the time of one step.
  struct Lane {
    explicit Lane(float& entry) : place(entry), number(Single::of(entry)) {}
    ~Lane() { place = number.value; }
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;
    Single& get() { return number; }

    float& place;
    Single number;
  };

  template <class Numbers, std::size_t... j>
  static void advance_chunk(const Rule& rule, const Numbers& now, const float* g,
                            const std::array<float*, kept + 1>& out, std::index_sequence<j...>) {
#pragma omp simd
    for (std::size_t i = 0; i < flat_width; ++i)
      rule.step(now, Single::of(g[i]), Lane(out[j][i]).get()..., Lane(out[kept][i]).get());
  }

  double initial(std::size_t j, std::ptrdiff_t dimension, std::ptrdiff_t i) const {
    return entry(owner_, std::string("initial_") + Rule::memory[j], initial_[j], dimension, i);
  }

  void require_arrays(FlatArrays memory, std::size_t size) const {
    const bool alike =
        std::ranges::all_of(memory, [size](const auto& array) { return array.size() == size; });
    if (memory.size() == kept && alike) return;
    throw InvalidParameter(owner_, "memory", fmt::format("must be {} arrays of {} entries", kept, size));
  }

  std::string owner_;
  Rule rule_;
  std::array<std::vector<double>, kept> initial_;
};

/// The optimizer of an update rule; see Elementwise.
template <class Rule>
std::unique_ptr<Optimizer> elementwise(std::string owner, Rule rule, const Parameters& initial = {}) {
  return std::make_unique<Elementwise<Rule>>(std::move(owner), std::move(rule), initial);
}

}  // namespace sdelens
