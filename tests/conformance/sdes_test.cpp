#include <gtest/gtest.h>

#include <algorithm>
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
    return {.source = additive(make_landscape("quadratic", {{"curvatures", {1.0, 2.0}}}),
                               make_noise("gaussian", 2, {{"sigma", {2.0, 3.0}}})),
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

// What an equation reads must be said of its drift and of its diffusion; and both must be linear in h and dw.
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

/// One replica of many coordinates in single precision, with what an equation asks for at its start.
struct FlatPath {
  static constexpr Index coordinates = 150;
  static constexpr double eta = 0.05;

  static SdeContext context() {
    std::vector<double> curvatures;
    for (Index i = 0; i < coordinates; ++i) curvatures.push_back(1.0 + 0.01 * static_cast<double>(i));
    return {.source = additive(make_landscape("quadratic", {{"curvatures", curvatures}}),
                               make_noise("gaussian", coordinates, {{"sigma", {3.0}}})),
            .learning_rate = eta,
            .schedule = make_schedule("polynomial", {{"power", {0.5}}})};
  }

  explicit FlatPath(const Sde& sde) : equation(*sde.coordinate_equation()) {
    Batch numbers(1, sde.dimension());
    Stream(55, "states").uniform(0, 0, numbers);
    state = in_single_precision(0.1 + 0.8 * numbers);
    block = Eigen::Map<const Eigen::ArrayXf>(state.data(), sde.dimension()).cast<double>().transpose();
    Batch normals(1, sde.noise_dimension());
    if (normals.cols() > 0) Stream(55, "increments").normal(0, 0, normals);
    dw = 0.1 * normals;
    const SdeContext setting = context();
    Batch local(1, coordinates);
    setting.source->loss()->gradient(block.leftCols(coordinates), local);
    gradient = in_single_precision(local);
    setting.source->noise()->mean_sign(0.0, block.leftCols(coordinates), local);
    mean_sign = in_single_precision(local);
    deviation.assign(coordinates, 3.0F);
    w = in_single_precision(dw);
    for (std::size_t k = 0; k < equation.motions().size(); ++k) {
      for (std::size_t i = 0; i < coordinates && equation.motions()[k] == Motion::gradient_noise; ++i)
        w[k * coordinates + i] *= 3.0F;
    }
  }

  static std::vector<float> in_single_precision(In row) { return {row.data(), row.data() + row.size()}; }

  void advance(double t, double h, std::size_t first, std::size_t size) {
    std::vector<std::span<float>> columns;
    for (std::size_t j = 0; j < equation.columns().size(); ++j)
      columns.push_back(std::span(state).subspan((j + 1) * coordinates + first, size));
    std::vector<std::span<const float>> motions;
    for (std::size_t k = 0; k < equation.motions().size(); ++k)
      motions.push_back(std::span<const float>(w).subspan(k * coordinates + first, size));
    const auto part = [&](const std::vector<float>& input, bool read) {
      return read ? std::span<const float>(input).subspan(first, size) : std::span<const float>();
    };
    const Reads reads = equation.reads();
    equation.advance(t, h,
                     {.gradient = part(gradient, reads.gradient),
                      .deviation = part(deviation, reads.deviation),
                      .mean_sign = part(mean_sign, reads.mean_sign)},
                     motions, columns, std::span(state).subspan(first, size));
  }

  const CoordinateEquation& equation;
  Batch block, dw;
  std::vector<float> state, gradient, deviation, mean_sign, w;
};

// About fifteen roundings of 2^-24 of the terms of a change, which is below 20, and one of the state.
TEST_P(EverySde, ReadsFlatArraysAsItReadsABlock) {
  const auto sde = make_sde(GetParam(), FlatPath::context(), entry().example);
  if (sde->coordinate_equation() == nullptr) GTEST_SKIP() << "its coordinates act on each other";
  FlatPath flat(*sde);
  ASSERT_EQ(sde->dimension(),
            FlatPath::coordinates * std::ssize(flat.equation.columns()) + FlatPath::coordinates);
  ASSERT_EQ(sde->noise_dimension(), FlatPath::coordinates * std::ssize(flat.equation.motions()));
  Batch scratch(1, sde->dimension());
  Batch change(1, sde->dimension());
  sde->increment(t, 0.01, flat.block, flat.dw, scratch, change);
  flat.advance(t, 0.01, 0, FlatPath::coordinates);
  for (Index i = 0; i < sde->dimension(); ++i) {
    const double allowed = std::ldexp(15.0 * std::abs(change(i)) + 20.0, -24);
    EXPECT_NEAR(flat.state[static_cast<std::size_t>(i)], flat.block(i) + change(i), allowed)
        << "number " << i;
  }
}

TEST_P(EverySde, GivesACoordinateTheSameBitsHoweverFlatArraysAreSplit) {
  const auto sde = make_sde(GetParam(), FlatPath::context(), entry().example);
  if (sde->coordinate_equation() == nullptr) GTEST_SKIP() << "its coordinates act on each other";
  constexpr std::size_t size = FlatPath::coordinates;
  FlatPath whole(*sde);
  const std::vector<float> before = whole.state;
  whole.advance(t, 0.01, 0, size);
  ASSERT_NE(whole.state, before);
  for (const std::size_t piece : std::initializer_list<std::size_t>{1, 7, 64, 65}) {
    FlatPath split(*sde);
    for (std::size_t first = 0; first < size; first += piece)
      split.advance(t, 0.01, first, std::min(piece, size - first));
    EXPECT_EQ(split.state, whole.state) << "pieces of " << piece;
  }
}

TEST_P(EverySde, RefusesFlatArraysThatDoNotFit) {
  const auto sde = make_sde(GetParam(), FlatPath::context(), entry().example);
  const CoordinateEquation* const equation = sde->coordinate_equation();
  if (equation == nullptr) GTEST_SKIP() << "its coordinates act on each other";
  std::vector<float> three(3), four(4);
  const std::vector<std::span<const float>> motions(equation->motions().size(), three);
  const std::vector<std::span<const float>> no_motions(equation->motions().size() + 1, three);
  const std::vector<std::span<float>> columns(equation->columns().size(), three);
  const FlatLocal fitting{.gradient = three, .deviation = three, .mean_sign = three};
  const FlatLocal longer{.gradient = four, .deviation = four, .mean_sign = four};
  EXPECT_NO_THROW(equation->advance(t, 0.01, fitting, motions, columns, three));
  EXPECT_THROW(equation->advance(t, 0.01, longer, motions, columns, three), InvalidParameter);
  EXPECT_THROW(equation->advance(t, 0.01, fitting, no_motions, columns, three), InvalidParameter);
  EXPECT_THROW(equation->advance(t, 0.01, fitting, motions, columns, four), InvalidParameter);
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
