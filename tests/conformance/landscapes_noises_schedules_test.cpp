#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/model/gradient_noise.hpp"
#include "sdelens/model/landscape.hpp"
#include "sdelens/model/schedule.hpp"
#include "tests/conformance/names.hpp"

namespace sdelens {
namespace {

/// The derivative at 0 of a smooth function by central differences of steps h and h/2, Richardson extrapolated, and
/// a bound on its error: the difference of the two, and the rounding of values of the given size.
struct Slope {
  double value, error;
};

template <class Function>
Slope slope_of(const Function& f, double size) {
  constexpr double h = 0x1p-6;
  const double coarse = (f(h) - f(-h)) / (2.0 * h);
  const double fine = (f(0.5 * h) - f(-0.5 * h)) / h;
  return {.value = fine + (fine - coarse) / 3.0,
          .error = std::abs(fine - coarse) + 64.0 * size * 0x1p-53 / h};
}

class EveryLandscape : public testing::TestWithParam<std::string> {
 protected:
  static const LandscapeEntry& entry() { return Registry<LandscapeEntry>::all().at(GetParam()); }
  static Batch points(Index dimension) {
    Batch x(11, dimension);
    Stream(52, "points").normal(0, 0, x);
    return x;
  }
};

TEST_P(EveryLandscape, HasTheGradientOfItsValueAndTheHessianOfItsGradient) {
  const auto landscape = entry().make(entry().example);
  const Index d = landscape->dimension();
  ASSERT_GE(d, 1);
  const Batch x = points(d);
  Batch gradient(x.rows(), d);
  landscape->gradient(x, gradient);
  for (Index row = 0; row < x.rows(); ++row) {
    const Point at = x.row(row).matrix().transpose();
    const Eigen::MatrixXd hessian = landscape->hessian(at);
    ASSERT_EQ(hessian.rows(), d);
    EXPECT_EQ(hessian, hessian.transpose());
    for (Index i = 0; i < d; ++i) {
      const auto moved = [&](double step) {
        Batch y = x.row(row);
        y(0, i) += step;
        return y;
      };
      const auto value = [&](double step) {
        Column f(1);
        landscape->value(moved(step), f);
        return f(0);
      };
      const Slope exact = slope_of(value, std::abs(value(0.0)) + 1.0);
      EXPECT_NEAR(gradient(row, i), exact.value, exact.error) << "at " << at.transpose();
      for (Index j = 0; j < d; ++j) {
        const auto component = [&](double step) {
          Batch g(1, d);
          landscape->gradient(moved(step), g);
          return g(0, j);
        };
        const Slope second = slope_of(component, std::abs(component(0.0)) + 1.0);
        EXPECT_NEAR(hessian(j, i), second.value, second.error) << "at " << at.transpose();
      }
    }
  }
}

// Matrix products may sum a block in another order than a row: a few roundings.
TEST_P(EveryLandscape, TreatsEveryReplicaAlone) {
  const auto landscape = entry().make(entry().example);
  const Batch x = points(landscape->dimension());
  Batch gradient(x.rows(), x.cols());
  Column f(x.rows());
  landscape->gradient(x, gradient);
  landscape->value(x, f);
  for (Index row = 0; row < x.rows(); ++row) {
    Batch g(1, x.cols());
    Column value(1);
    landscape->gradient(x.row(row), g);
    landscape->value(x.row(row), value);
    EXPECT_LT((g - gradient.row(row)).abs().maxCoeff(), 1e-14 * (1.0 + g.abs().maxCoeff()));
    EXPECT_NEAR(value(0), f(row), 1e-14 * (1.0 + std::abs(f(row))));
  }
}

TEST_P(EveryLandscape, SaysWhatItIsAndRefusesAnUnknownParameter) {
  EXPECT_FALSE(entry().reference.empty());
  Parameters parameters = entry().example;
  parameters["no such parameter"] = {1.0};
  EXPECT_THROW(entry().make(parameters), UnknownName);
}

TEST_P(EveryLandscape, KeepsNan) {
  const auto landscape = entry().make(entry().example);
  Batch x = points(landscape->dimension());
  x(3, 0) = std::nan("");
  Batch gradient(x.rows(), x.cols());
  Column f(x.rows());
  landscape->gradient(x, gradient);
  landscape->value(x, f);
  EXPECT_TRUE(std::isnan(gradient(3, 0)));
  EXPECT_TRUE(std::isnan(f(3)));
  EXPECT_TRUE(std::isfinite(f(2)) && std::isfinite(f(4)));
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryLandscape, test::registered<LandscapeEntry>(), test::identifier);

class EveryNoise : public testing::TestWithParam<std::string> {
 protected:
  static const GradientNoiseEntry& entry() { return Registry<GradientNoiseEntry>::all().at(GetParam()); }
  static constexpr Index dimension = 3;
  static std::shared_ptr<const GradientNoise> make() { return entry().make(dimension, entry().example); }
};

// At k = 0 and x = 0, where noise that varies has the factor 1.
TEST_P(EveryNoise, HasARootOfItsScaleMatrix) {
  const auto noise = make();
  EXPECT_EQ(noise->dimension(), dimension);
  Batch root(dimension, dimension);
  noise->scaled(0.0, Batch::Zero(dimension, dimension),
                Batch(Eigen::MatrixXd::Identity(dimension, dimension)), root);
  const Eigen::MatrixXd scale = noise->scale_matrix();
  EXPECT_LT((root.matrix().transpose() * root.matrix() - scale).cwiseAbs().maxCoeff(),
            1e-14 * scale.cwiseAbs().maxCoeff());
}

TEST_P(EveryNoise, PerturbsByWhatItScales) {
  const auto noise = make();
  const Stream stream(53, "perturbation");
  constexpr std::uint64_t iteration = 7;
  Batch x(11, dimension);
  Stream(53, "places").normal(0, 0, x);
  Batch u(11, dimension);
  Batch z(11, dimension);
  Batch scratch(11, dimension);
  noise->draw(stream, 3, iteration, u);
  noise->scaled(static_cast<double>(iteration), x, u, z);
  Batch gradient = Batch::Ones(11, dimension);
  noise->perturb(stream, 3, iteration, x, scratch, gradient);
  EXPECT_LT((gradient - 1.0 - z).abs().maxCoeff(), 1e-15 * (2.0 + z.abs().maxCoeff()));
}

TEST_P(EveryNoise, HasPositiveFactorsThatAreOneUnlessItVaries) {
  const auto noise = make();
  Batch x(11, dimension);
  Stream(53, "places").normal(0, 0, x);
  Batch factors = Batch::Constant(11, dimension, std::nan(""));
  noise->factors(7.0, x, factors);
  EXPECT_TRUE((factors > 0.0).all());
  EXPECT_EQ((factors == 1.0).all(), !noise->varies());
  Batch u = Batch::Ones(11, dimension);
  Batch z(11, dimension);
  Batch at_rest(11, dimension);
  noise->scaled(7.0, x, u, z);
  noise->scaled(0.0, Batch::Zero(11, dimension), u, at_rest);
  EXPECT_LT((z - factors * at_rest).abs().maxCoeff(), 1e-14 * z.abs().maxCoeff());
}

TEST_P(EveryNoise, HasAMeanSignThatIsOddAndRisesFromMinusOneToOneWithItsSlope) {
  const auto noise = make();
  const Index rows = 2001;
  Batch y(rows, dimension);
  for (Index row = 0; row < rows; ++row) y.row(row) = 0.01 * static_cast<double>(row - rows / 2);
  Batch e = y;
  noise->mean_sign(e);
  for (Index row = 1; row < rows; ++row) {
    ASSERT_GE(e(row, 0), e(row - 1, 0));
    ASSERT_EQ(e(row, 0), -e(rows - 1 - row, 0));
    ASSERT_LE(std::abs(e(row, 0)), 1.0);
  }
  Batch ends(2, dimension);
  ends.row(0) = 1e300;
  ends.row(1) = 1e-9;
  noise->mean_sign(ends);
  EXPECT_DOUBLE_EQ(ends(0, 0), 1.0);
  EXPECT_NEAR(ends(1, 0), 1e-9 * noise->mean_sign_slope(), 1e-22);
}

TEST_P(EveryNoise, HasTheSameMeanSignInAnyRow) {
  const auto noise = make();
  Batch y(11, dimension);
  Stream(53, "mean sign").normal(0, 0, y);
  Batch whole = y;
  noise->mean_sign(whole);
  for (Index row = 0; row < y.rows(); ++row) {
    Batch alone = y.row(row);
    noise->mean_sign(alone);
    EXPECT_TRUE((alone == whole.row(row)).all()) << "row " << row;
  }
}

TEST_P(EveryNoise, DrawsTheSameForAReplicaInAnyBlock) {
  const auto noise = make();
  const Stream stream(53, "noise");
  Batch whole(40, dimension);
  noise->draw(stream, 3, 5, whole);
  for (const Index row : {0, 7, 12, 39}) {
    Batch alone(1, dimension);
    noise->draw(stream, 3 + static_cast<std::uint64_t>(row), 5, alone);
    EXPECT_TRUE((alone == whole.row(row)).all());
  }
}

TEST_P(EveryNoise, SaysWhatItIsAndRefusesAnUnknownParameter) {
  EXPECT_FALSE(entry().reference.empty());
  Parameters parameters = entry().example;
  parameters["no such parameter"] = {1.0};
  EXPECT_THROW(entry().make(dimension, parameters), UnknownName);
}

INSTANTIATE_TEST_SUITE_P(Registered, EveryNoise, test::registered<GradientNoiseEntry>(), test::identifier);

class EverySchedule : public testing::TestWithParam<std::string> {
 protected:
  static const ScheduleEntry& entry() { return Registry<ScheduleEntry>::all().at(GetParam()); }
};

TEST_P(EverySchedule, IsPositiveFiniteAndContinuous) {
  const auto schedule = entry().make(entry().example);
  for (const double k : {0.0, 0.5, 1.0, 17.25, 1e4, 1e7}) {
    const double factor = schedule->factor(k);
    EXPECT_GT(factor, 0.0);
    EXPECT_TRUE(std::isfinite(factor));
    EXPECT_NEAR(schedule->factor(k + 1e-6), factor, 1e-3 * factor);
  }
}

TEST_P(EverySchedule, SaysWhatItIsAndRefusesAnUnknownParameter) {
  EXPECT_FALSE(entry().reference.empty());
  Parameters parameters = entry().example;
  parameters["no such parameter"] = {1.0};
  EXPECT_THROW(entry().make(parameters), UnknownName);
}

INSTANTIATE_TEST_SUITE_P(Registered, EverySchedule, test::registered<ScheduleEntry>(), test::identifier);

TEST(Registries, AreNotEmpty) {
  EXPECT_FALSE(Registry<LandscapeEntry>::all().entries().empty());
  EXPECT_FALSE(Registry<GradientNoiseEntry>::all().entries().empty());
  EXPECT_FALSE(Registry<ScheduleEntry>::all().entries().empty());
}

}  // namespace
}  // namespace sdelens
