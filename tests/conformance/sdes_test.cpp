#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/core/random.hpp"
#include "sdelens/model/sde.hpp"
#include "tests/conformance/names.hpp"

namespace sdelens {
namespace {

class EverySde : public testing::TestWithParam<std::string> {
 protected:
  static constexpr Index rows = 11;
  static constexpr double t = 0.3;

  static const SdeEntry& entry() { return Registry<SdeEntry>::all().at(GetParam()); }
  static SdeContext context() {
    return {.landscape = make_landscape("quadratic", {{"curvatures", {1.0, 2.0}}}),
            .noise = make_noise("gaussian", 2, {{"sigma", {2.0, 3.0}}}),
            .learning_rate = 0.05,
            .schedule = make_schedule("polynomial", {{"power", {0.5}}})};
  }
  static std::shared_ptr<const Sde> make() { return make_sde(GetParam(), context(), entry().example); }

  /// States in (0.1, 0.9), where second moments are positive and restricted equations are defined.
  static Batch states(const Sde& sde) {
    Batch x(rows, sde.dimension());
    Stream(54, "states").uniform(0, 0, x);
    return 0.1 + 0.8 * x;
  }
  static Batch normals(Index columns, std::uint64_t step) {
    Batch draws(rows, columns);
    Stream(54, "increments").normal(0, step, draws);
    return draws;
  }
  static Batch drift(const Sde& sde, In x) {
    Batch result = Batch::Constant(x.rows(), sde.dimension(), std::nan(""));
    sde.drift(t, x, result);
    return result;
  }
  static Batch diffuse(const Sde& sde, In x, In dw) {
    Batch result = Batch::Constant(x.rows(), sde.dimension(), std::nan(""));
    sde.diffuse(t, x, dw, result);
    return result;
  }
  static Batch increment(const Sde& sde, In x, In dw) {
    Batch scratch = Batch::Constant(x.rows(), sde.dimension(), std::nan(""));
    Batch result = scratch;
    sde.increment(t, 0.01, x, dw, scratch, result);
    return result;
  }
};

// What is not finite there was not written.
TEST_P(EverySde, WritesAllOfItsDriftAndDiffusion) {
  const auto sde = make();
  ASSERT_GE(sde->dimension(), 2);
  ASSERT_GE(sde->noise_dimension(), 0);
  const Batch x = states(*sde);
  EXPECT_TRUE(drift(*sde, x).isFinite().all());
  EXPECT_TRUE(diffuse(*sde, x, normals(sde->noise_dimension(), 0)).isFinite().all());
}

TEST_P(EverySde, DiffusesLinearlyInTheIncrement) {
  const auto sde = make();
  const Batch x = states(*sde);
  const Batch a = normals(sde->noise_dimension(), 1);
  const Batch b = normals(sde->noise_dimension(), 2);
  const Batch together = diffuse(*sde, x, Batch(2.0 * a - 3.0 * b));
  const Batch apart = 2.0 * diffuse(*sde, x, a) - 3.0 * diffuse(*sde, x, b);
  EXPECT_LT((together - apart).abs().maxCoeff(), 1e-14 * (1.0 + apart.abs().maxCoeff()));
  EXPECT_TRUE((diffuse(*sde, x, Batch::Zero(rows, sde->noise_dimension())) == 0.0).all());
}

TEST_P(EverySde, IncrementIsDriftAndDiffusion) {
  const auto sde = make();
  const Batch x = states(*sde);
  const Batch dw = normals(sde->noise_dimension(), 5);
  const Batch change = increment(*sde, x, dw);
  const Batch expected = 0.01 * drift(*sde, x) + diffuse(*sde, x, dw);
  EXPECT_LT((change - expected).abs().maxCoeff(), 1e-13 * (1.0 + expected.abs().maxCoeff()));
}

TEST_P(EverySde, StartsAtThePointWithAFiniteState) {
  const auto sde = make();
  const Point x = Point::Constant(sde->coordinates(), 0.3);
  const Point state = sde->start_state(x);
  ASSERT_EQ(state.size(), sde->dimension());
  EXPECT_EQ(state.head(x.size()), x);
  EXPECT_TRUE(state.array().isFinite().all());
  Batch row = state.transpose().array();
  EXPECT_TRUE(drift(*sde, row).isFinite().all());
}

TEST_P(EverySde, DiffusesIfAndOnlyIfItHasNoise) {
  const auto sde = make();
  const bool moved = (diffuse(*sde, states(*sde), normals(sde->noise_dimension(), 3)) != 0.0).any();
  EXPECT_EQ(moved, sde->noise_dimension() > 0);
}

// To the last bit: a path must not depend on the block that it is computed in.
TEST_P(EverySde, TreatsEveryRowAlone) {
  const auto sde = make();
  const Batch x = states(*sde);
  const Batch dw = normals(sde->noise_dimension(), 4);
  const Batch b = drift(*sde, x);
  const Batch s = diffuse(*sde, x, dw);
  const Batch together = increment(*sde, x, dw);
  for (Index row = 0; row < rows; ++row) {
    EXPECT_TRUE((drift(*sde, x.row(row)) == b.row(row)).all()) << "row " << row;
    EXPECT_TRUE((diffuse(*sde, x.row(row), dw.row(row)) == s.row(row)).all()) << "row " << row;
    EXPECT_TRUE((increment(*sde, x.row(row), dw.row(row)) == together.row(row)).all()) << "row " << row;
  }
}

TEST_P(EverySde, KeepsNanInItsRow) {
  const auto sde = make();
  Batch x = states(*sde);
  x(4, 0) = std::nan("");
  const Batch b = drift(*sde, x);
  EXPECT_TRUE(b.row(4).isNaN().any());
  EXPECT_TRUE(b.topRows(4).isFinite().all());
  EXPECT_TRUE(b.bottomRows(rows - 5).isFinite().all());
}

TEST_P(EverySde, MarksRowsOutsideOnlyIfItIsRestrictedAndUnmarksNone) {
  const auto sde = make();
  Batch x = states(*sde);
  x.row(2) = 1e6;
  Eigen::Array<bool, Eigen::Dynamic, 1> outside =
      Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(rows, false);
  outside(7) = true;
  sde->mark_outside(t, x, outside);
  EXPECT_TRUE(outside(7));
  if (!sde->restricted()) {
    EXPECT_EQ(outside.count(), 1);
  }
}

TEST_P(EverySde, SaysWhatItIsAndRefusesAnUnknownParameter) {
  EXPECT_FALSE(entry().reference.empty());
  Parameters parameters = entry().example;
  parameters["no such parameter"] = {1.0};
  EXPECT_THROW(make_sde(GetParam(), context(), parameters), UnknownName);
}

INSTANTIATE_TEST_SUITE_P(Registered, EverySde, test::registered<SdeEntry>(), test::identifier);

TEST(SdeRegistry, IsNotEmpty) { EXPECT_FALSE(Registry<SdeEntry>::all().entries().empty()); }

}  // namespace
}  // namespace sdelens
