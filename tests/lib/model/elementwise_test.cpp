#include "sdelens/model/elementwise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace sdelens {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

/// m <- m + w g,  s <- s + 1,  x <- x - eta m: every number has its own meaning.
template <class P>
struct Summing {
  P w;
  static constexpr std::array memory{"m", "s"};
  P at(const P& eta, const P& k) const { return eta / (k + 1.0); }
  template <class T>
  void step(const P& rate, const T& g, T& m, T& s, T& x) const {
    m = m + w * g;
    s = s + 1.0;
    x = x - rate * m;
  }
  template <class T>
  std::array<T, 2> kinks(const T& m, const T& s) const {
    return {m, m + s};
  }
};

TEST(Elementwise, LaysTheMemoryOutByNameThenCoordinate) {
  const auto optimizer = elementwise("summing", Summing<double>{2.0}, {{"s", {10.0, 20.0}}});
  ASSERT_EQ(optimizer->memory_columns(2), 4);
  Batch memory(3, 4);
  optimizer->initialise(memory);
  Batch x = Batch::Zero(3, 2);
  Batch g(3, 2);
  g << 1.0, 2.0, 3.0, 4.0, 5.0, 6.0;
  optimizer->update({.index = 1, .learning_rate = 0.5}, g, memory, x);
  EXPECT_TRUE((memory.leftCols(2) == 2.0 * g).all());
  EXPECT_TRUE((memory.col(2) == 11.0).all());
  EXPECT_TRUE((memory.col(3) == 21.0).all());
  EXPECT_TRUE((x == -0.25 * 2.0 * g).all());
}

TEST(Elementwise, TellsWhatTheRuleKeepsAndWhereItBends) {
  const auto optimizer = elementwise("summing", Summing<double>{2.0});
  const CoordinateRule* const rule = optimizer->coordinate_rule();
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->memory(), (std::vector<std::string>{"m", "s"}));
  EXPECT_EQ(rule->kinks(std::array{1.0, 2.0}), (std::vector{1.0, 3.0}));
  EXPECT_THAT([&] { rule->kinks(std::array{1.0}); },
              ThrowsMessage<InvalidParameter>(HasSubstr("summing: memory has 1 numbers, not 2")));
}

// 1 - 0.999 is 0.001 to the last bit of a float only if it was formed in double.
TEST(Elementwise, RoundsACoefficientOnceInSinglePrecision) {
  const auto optimizer = elementwise("summing", Summing<double>{1.0 - 0.999});
  const CoordinateRule* const rule = optimizer->coordinate_rule();
  std::vector<float> m(1), s(1), x(1);
  const std::array<std::span<float>, 2> memory{m, s};
  rule->initialise(memory);
  rule->update({.index = 0, .learning_rate = 1.0}, std::array{1.0F}, memory, x);
  EXPECT_EQ(m[0], 0.001F);
  EXPECT_NE(m[0], 1.0F - 0.999F);
}

TEST(Elementwise, RefusesFlatArraysThatDoNotFit) {
  const auto optimizer = elementwise("summing", Summing<double>{2.0}, {{"s", {10.0, 20.0}}});
  const CoordinateRule* const rule = optimizer->coordinate_rule();
  std::vector<float> two(2), other(2), three(3);
  const Step step{.index = 0, .learning_rate = 0.1};
  const std::array<std::span<float>, 2> good{two, other};
  EXPECT_THAT([&] { rule->update(step, three, good, other); },
              ThrowsMessage<InvalidParameter>(HasSubstr("summing: gradient has 3 entries, not 2")));
  EXPECT_THAT([&] { rule->update(step, three, good, three); },
              ThrowsMessage<InvalidParameter>(HasSubstr("memory must be 2 arrays of 3 entries")));
  EXPECT_THROW(rule->initialise(std::array<std::span<float>, 1>{two}), InvalidParameter);
  const std::array<std::span<float>, 2> wrong{three, three};
  EXPECT_THAT([&] { rule->initialise(wrong); }, ThrowsMessage<InvalidParameter>(HasSubstr("initial_s")));
}

TEST(Elementwise, RefusesAnInitialValueOfNoMemory) {
  EXPECT_THROW(elementwise("summing", Summing<double>{2.0}, {{"v", {1.0}}}), std::logic_error);
}

TEST(Sign, IsPlusOneAtZeroAndKeepsNan) {
  EXPECT_EQ(sign(0.0), 1.0);
  EXPECT_EQ(sign(-0.0), 1.0);
  EXPECT_EQ(sign(-3.0), -1.0);
  EXPECT_TRUE(std::isnan(sign(std::nan(""))));
  EXPECT_EQ(sign(Single(-3.0)).value, -1.0F);
  EXPECT_TRUE(std::isnan(sign(Single(std::nan(""))).value));
}

}  // namespace
}  // namespace sdelens
