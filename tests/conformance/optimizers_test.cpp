#include <gtest/gtest.h>

#include <bit>
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

TEST_P(EveryOptimizer, UpdatesABlockAsItUpdatesEveryReplicaAndCoordinateAlone) {
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
  Batch first = x.leftCols(1);
  Batch first_memory = memory_for(*optimizer, rows, 1);
  for (std::uint64_t k = 0; k < 4; ++k) {
    const Step step{.index = k, .learning_rate = 0.1 / static_cast<double>(k + 1)};
    const Batch g = gradients(rows, dimension, k);
    optimizer->update(step, g, memory, x);
    optimizer->update(step, g.leftCols(1), first_memory, first);
    for (Index row = 0; row < rows; ++row) {
      const auto r = static_cast<std::size_t>(row);
      optimizer->update(step, g.row(row), alone_memory[r], alone[r]);
      EXPECT_TRUE((alone[r] == x.row(row)).all()) << "row " << row << ", step " << k;
      EXPECT_TRUE((alone_memory[r] == memory.row(row)).all()) << "row " << row << ", step " << k;
    }
  }
  EXPECT_TRUE((first == x.leftCols(1)).all()) << "coordinates influence each other";
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

TEST_P(EveryOptimizer, RefusesAnUnknownParameter) {
  Parameters parameters = entry().known.parameters;
  parameters["no such parameter"] = {1.0};
  EXPECT_THROW(entry().make(parameters), UnknownName);
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryOptimizer, test::registered<OptimizerEntry>(), test::identifier);

TEST(OptimizerRegistry, IsNotEmpty) { EXPECT_FALSE(Registry<OptimizerEntry>::all().entries().empty()); }

}  // namespace
}  // namespace sdelens
