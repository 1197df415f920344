#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sdelens/core/random.hpp"
#include "sdelens/model/optimizer.hpp"
#include "tests/conformance/names.hpp"

namespace sdelens {
namespace {

class EveryOptimizer : public testing::TestWithParam<std::string> {
 protected:
  static const OptimizerEntry& entry() { return Registry<OptimizerEntry>::all().at(GetParam()); }
  static std::shared_ptr<const Optimizer> make() { return entry().make(entry().known.parameters); }
  static Batch memory_for(const Optimizer& optimizer, Index rows, Index dimension) {
    Batch memory = Batch::Constant(rows, optimizer.memory_columns(dimension), std::nan(""));
    optimizer.initialise(memory);
    return memory;
  }
  static Batch gradients(Index rows, Index dimension, std::uint64_t step) {
    Batch draws(rows, dimension);
    Stream(51, "conformance").normal(0, step, draws);
    return draws;
  }
};

TEST_P(EveryOptimizer, SaysWhatItImplements) { EXPECT_FALSE(entry().reference.empty()); }

// Two or three steps of numbers below 1, a few roundings each.
TEST_P(EveryOptimizer, GivesItsKnownIterates) {
  const auto& [parameters, gradients, iterates] = entry().known;
  ASSERT_GE(gradients.size(), 2U);
  ASSERT_EQ(gradients.size(), iterates.size());
  const auto optimizer = make();
  Batch x = Batch::Zero(1, 1);
  Batch memory = memory_for(*optimizer, 1, 1);
  for (std::size_t k = 0; k < gradients.size(); ++k) {
    optimizer->update({.index = k, .learning_rate = 0.1}, Batch::Constant(1, 1, gradients[k]), memory, x);
    EXPECT_NEAR(x(0), iterates[k], 1e-15) << "step " << k;
  }
}

TEST_P(EveryOptimizer, InitialisesAllItsMemory) {
  const auto optimizer = make();
  for (const Index dimension : {1, 2, 5}) {
    const Batch memory = memory_for(*optimizer, 7, dimension);
    EXPECT_TRUE(memory.isFinite().all());
    for (Index row = 1; row < memory.rows(); ++row) EXPECT_TRUE((memory.row(row) == memory.row(0)).all());
  }
}

TEST_P(EveryOptimizer, UpdatesABlockAsItUpdatesEveryReplicaAlone) {
  constexpr Index rows = 13;
  constexpr Index dimension = 3;
  const auto optimizer = make();
  Batch x = gradients(rows, dimension, 1000);
  Batch memory = memory_for(*optimizer, rows, dimension);
  std::vector<Batch> alone, alone_memory;
  for (Index row = 0; row < rows; ++row) {
    alone.push_back(x.row(row));
    alone_memory.push_back(memory_for(*optimizer, 1, dimension));
  }
  for (std::uint64_t k = 0; k < 4; ++k) {
    const Step step{.index = k, .learning_rate = 0.1 / static_cast<double>(k + 1)};
    const Batch g = gradients(rows, dimension, k);
    optimizer->update(step, g, memory, x);
    for (Index row = 0; row < rows; ++row) {
      const auto r = static_cast<std::size_t>(row);
      optimizer->update(step, g.row(row), alone_memory[r], alone[r]);
      EXPECT_TRUE((alone[r] == x.row(row)).all()) << "row " << row << ", step " << k;
      EXPECT_TRUE((alone_memory[r] == memory.row(row)).all()) << "row " << row << ", step " << k;
    }
  }
}

TEST_P(EveryOptimizer, StepsAgainstTheFirstGradient) {
  const auto optimizer = make();
  Batch x = Batch::Zero(1, 2);
  Batch memory = memory_for(*optimizer, 1, 2);
  Batch g(1, 2);
  g << 0.7, -0.3;
  optimizer->update({.index = 0, .learning_rate = 0.1}, g, memory, x);
  EXPECT_LT(x(0, 0), 0.0);
  EXPECT_GT(x(0, 1), 0.0);
}

TEST_P(EveryOptimizer, NeverForgetsAGradientThatIsNotANumber) {
  const auto optimizer = make();
  Batch x = Batch::Constant(9, 2, 0.5);
  Batch memory = memory_for(*optimizer, 9, 2);
  Batch g = Batch::Constant(9, 2, 0.25);
  g(4, 1) = std::nan("");
  optimizer->update({.index = 0, .learning_rate = 0.1}, g, memory, x);
  g(4, 1) = 0.25;
  for (std::uint64_t k = 1; k < 4; ++k) optimizer->update({.index = k, .learning_rate = 0.1}, g, memory, x);
  EXPECT_TRUE(std::isnan(x(4, 1)));
  x(4, 1) = 0.0;
  EXPECT_TRUE(x.isFinite().all()) << "spread to other entries";
}

/// One replica of many coordinates in single precision.
struct FlatReplica {
  FlatReplica(const CoordinateRule& rule, std::size_t coordinates)
      : x(coordinates, 0.0F), memory(rule.memory().size(), std::vector(coordinates, std::nanf(""))) {
    rule.initialise(spans(0, coordinates));
  }
  std::vector<std::span<float>> spans(std::size_t first, std::size_t size) {
    std::vector<std::span<float>> result;
    for (std::vector<float>& column : memory) result.push_back(std::span(column).subspan(first, size));
    return result;
  }
  void update(const CoordinateRule& rule, Step step, std::span<const float> gradient, std::size_t first,
              std::size_t size) {
    rule.update(step, gradient.subspan(first, size), spans(first, size), std::span(x).subspan(first, size));
  }
  bool operator==(const FlatReplica&) const = default;

  std::vector<float> x;
  std::vector<std::vector<float>> memory;
};

std::vector<float> in_single_precision(In row) { return {row.data(), row.data() + row.size()}; }

// Four steps of about ten roundings of 2^-24 each, of numbers below 4. With the known parameters m and the root of v
// keep at least a third of their largest terms, so that the quotient has three times their rounding.
TEST_P(EveryOptimizer, ReadsFlatArraysAsItReadsABlock) {
  const auto optimizer = make();
  const CoordinateRule* const rule = optimizer->coordinate_rule();
  if (rule == nullptr) GTEST_SKIP() << "its coordinates act on each other";
  constexpr Index dimension = 150;
  Batch x = Batch::Zero(1, dimension);
  Batch memory = memory_for(*optimizer, 1, dimension);
  FlatReplica flat(*rule, dimension);
  ASSERT_EQ(memory.cols(), dimension * std::ssize(rule->memory()));
  for (std::uint64_t k = 0; k < 4; ++k) {
    const Step step{.index = k, .learning_rate = 0.1};
    const std::vector<float> g = in_single_precision(gradients(1, dimension, k));
    const Batch same = Eigen::Map<const Eigen::ArrayXf>(g.data(), dimension).cast<double>().transpose();
    optimizer->update(step, same, memory, x);
    flat.update(*rule, step, g, 0, g.size());
  }
  const double allowed = 4.0 * 10.0 * 3.0 * 4.0 * std::ldexp(1.0, -24);
  for (Index i = 0; i < dimension; ++i) {
    const auto place = static_cast<std::size_t>(i);
    EXPECT_NEAR(flat.x[place], x(i), allowed) << "coordinate " << i;
    for (Index j = 0; j * dimension < memory.cols(); ++j) {
      EXPECT_NEAR(flat.memory[static_cast<std::size_t>(j)][place], memory(j * dimension + i), allowed);
    }
  }
}

TEST_P(EveryOptimizer, GivesACoordinateTheSameBitsHoweverFlatArraysAreSplit) {
  const auto optimizer = make();
  const CoordinateRule* const rule = optimizer->coordinate_rule();
  if (rule == nullptr) GTEST_SKIP() << "its coordinates act on each other";
  constexpr std::size_t coordinates = 333;
  FlatReplica whole(*rule, coordinates);
  std::vector<FlatReplica> split(5, whole);
  const std::array<std::size_t, 5> pieces{1, 7, 64, 65, 150};
  for (std::uint64_t k = 0; k < 3; ++k) {
    const Step step{.index = k, .learning_rate = 0.1};
    const std::vector<float> g = in_single_precision(gradients(1, coordinates, k));
    whole.update(*rule, step, g, 0, coordinates);
    for (std::size_t j = 0; j < split.size(); ++j) {
      for (std::size_t first = 0; first < coordinates; first += pieces[j])
        split[j].update(*rule, step, g, first, std::min(pieces[j], coordinates - first));
    }
  }
  for (std::size_t j = 0; j < split.size(); ++j) EXPECT_TRUE(split[j] == whole) << "pieces of " << pieces[j];
}

// Second differences of the step over g at distance 1e-3: where it is smooth they are 1e-6 eta times a curvature, at a
// kink 1e-3 eta times the jump of the slope, or eta times a jump. The limit lets pass curvatures up to 100 and finds
// jumps of the slope from 0.1.
TEST_P(EveryOptimizer, IsSmoothInTheGradientButWhereItSaysSo) {
  const auto optimizer = make();
  const CoordinateRule* const rule = optimizer->coordinate_rule();
  if (rule == nullptr) GTEST_SKIP() << "its coordinates act on each other";
  Batch x = Batch::Zero(1, 1);
  Batch memory = memory_for(*optimizer, 1, 1);
  for (std::uint64_t k = 0; k < 3; ++k)
    optimizer->update({.index = k, .learning_rate = 0.1}, gradients(1, 1, k), memory, x);
  const std::vector<double> kinks = rule->kinks({memory.data(), static_cast<std::size_t>(memory.size())});
  const auto after = [&](double g) {
    Batch next = x;
    Batch next_memory = memory;
    optimizer->update({.index = 3, .learning_rate = 0.1}, Batch::Constant(1, 1, g), next_memory, next);
    return next(0);
  };
  constexpr double spacing = 1e-3;
  const auto bends = [&](double g) {
    return std::abs(after(g + spacing) - 2.0 * after(g) + after(g - spacing)) > 1e-5;
  };
  for (const double kink : kinks)
    EXPECT_TRUE(bends(kink) || bends(kink + spacing / 2)) << "no kink at " << kink;
  for (double g = -4.0; g < 4.0; g += spacing / 2) {
    const bool at_kink =
        std::ranges::any_of(kinks, [g](double kink) { return std::abs(g - kink) <= 1.001 * spacing; });
    EXPECT_TRUE(at_kink || !bends(g)) << "a kink near " << g;
  }
}

TEST_P(EveryOptimizer, RefusesAnUnknownParameter) {
  Parameters parameters = entry().known.parameters;
  parameters["no such parameter"] = {1.0};
  EXPECT_THROW(entry().make(parameters), UnknownName);
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryOptimizer, test::registered<OptimizerEntry>(), test::identifier);

TEST(OptimizerRegistry, IsNotEmpty) { EXPECT_FALSE(Registry<OptimizerEntry>::all().entries().empty()); }

}  // namespace
}  // namespace sdelens
