#include "sdelens/model/gradient_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/model/sde.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

/// A gradient that nothing is known of.
class Unknown final : public GradientSource {
 public:
  std::string name() const override { return "unknown"; }
  Index dimension() const override { return 1; }
};

SdeContext context(std::shared_ptr<const GradientSource> source) {
  return {.source = std::move(source), .learning_rate = 0.1, .schedule = make_schedule("constant")};
}

TEST(GradientSource, LacksWhatItDoesNotOffer) {
  const Unknown source;
  EXPECT_THAT([&] { require_loss("someone", source); },
              ThrowsMessage<InvalidParameter>(
                  AllOf(HasSubstr("someone"), HasSubstr("unknown"), HasSubstr("the loss f"))));
  EXPECT_THAT([&] { require_noise("someone", source); },
              ThrowsMessage<InvalidParameter>(HasSubstr("the law of its noise")));
  EXPECT_THAT([&] { require_dense("someone", source); },
              ThrowsMessage<InvalidParameter>(HasSubstr("Hessian and covariance")));
  Batch x = Batch::Zero(1, 1);
  Batch g(1, 1);
  Batch scratch(1, 1);
  const Stream stream(1, "x");
  EXPECT_THAT([&] { source.sample({.stream = stream, .first_replica = 0, .iteration = 0}, x, scratch, g); },
              ThrowsMessage<std::logic_error>(HasSubstr("does not sample on blocks")));
}

TEST(SdeOfASource, SaysWhichCapabilityTheSourceLacks) {
  EXPECT_THAT([] { make_sde("sgd", context(std::make_shared<Unknown>())); },
              ThrowsMessage<InvalidParameter>(AllOf(HasSubstr("SDE of sgd"), HasSubstr("the loss f"))));
  const Parameters regression{{"curvatures", {1.0}}, {"residual", {0.5}}, {"batch", {2.0}}};
  EXPECT_THAT([&] { make_sde("signsgd", context(make_source("linear-regression-by-samples", regression))); },
              ThrowsMessage<InvalidParameter>(
                  AllOf(HasSubstr("linear-regression-by-samples"), HasSubstr("the law of its noise"))));
}

TEST(Additive, RefusesNoiseOfAnotherDimension) {
  EXPECT_THROW(additive(make_landscape("quadratic", {{"curvatures", {1.0, 2.0}}}),
                        make_noise("gaussian", 3, {{"sigma", {1.0}}})),
               InvalidParameter);
}

TEST(Additive, HasTheCovarianceOfNoiseThatVaries) {
  const auto source =
      additive(make_landscape("quadratic", {{"curvatures", {1.0}}}),
               make_noise("gaussian-state-dependent", 1, {{"sigma", {3.0}}, {"width", {0.5}}}));
  EXPECT_EQ(source->noise()->constant_deviations(), nullptr);
  EXPECT_NEAR(source->dense()->covariance(0.0, Point::Ones(1))(0, 0), 45.0, 1e-13);
}

const Parameters full{{"hessian", {2.0, 0.9, 0.9, 1.0}}, {"residual", {0.5}}, {"batch", {3.0}}};

Batch drawn(const char* name, Index rows, std::uint64_t iteration) {
  const auto source = make_source(name, full);
  const Batch x = Eigen::RowVector2d(0.7, -0.4).replicate(rows, 1).array();
  Batch g(rows, 2);
  Batch scratch(rows, 2);
  const Stream stream(61, name);
  source->sample({.stream = stream, .first_replica = 0, .iteration = iteration}, x, scratch, g);
  return g;
}

// The same law, drawn in two ways: the mean difference over 2^17 pairs of functions that have fourth moments. One check.
TEST(LinearRegression, HasTheLawOfItsSamples) {
  const Index rows = 1 << 17;
  const Batch by_law = drawn("linear-regression", rows, 0);
  const Batch by_samples = drawn("linear-regression-by-samples", rows, 0);
  const auto functions = [](const Batch& g) {
    Batch result(g.rows(), 9);
    const auto a = g.col(0), b = g.col(1);
    result << a, b, a.square(), b.square(), a * b, a.abs(), (a > 0.0).cast<double>(),
        ((a > 0.0) == (b > 0.0)).cast<double>(), (a.square() + b.square() < 1.0).cast<double>();
    return result;
  };
  const Batch difference = functions(by_law) - functions(by_samples);
  std::vector<double> z;
  for (Index j = 0; j < difference.cols(); ++j) {
    const double mean = difference.col(j).mean();
    const auto n = static_cast<double>(rows);
    z.push_back(mean / std::sqrt((difference.col(j) - mean).square().sum() / n / (n - 1.0)));
  }
  EXPECT_TRUE(test::standard_normals(z));
}

// Floats of numbers near 1, a dozen roundings each.
TEST(LinearRegression, DrawsOnFlatArraysWhatItDrawsOnBlocks) {
  const auto source = make_source("linear-regression",
                                  {{"curvatures", {1.0, 4.0, 0.5}}, {"residual", {0.5}}, {"batch", {3.0}}});
  ASSERT_TRUE(source->samples_flat());
  const std::vector<float> flat{0.5F, -0.25F, 1.0F};
  const Batch x = Eigen::RowVector3d(0.5, -0.25, 1.0).array();
  Batch g(1, 3);
  Batch scratch(1, 3);
  std::vector<float> flat_g(3);
  const Stream stream(67, "flat");
  for (std::uint64_t iteration = 0; iteration < 5; ++iteration) {
    const Draws draws{.stream = stream, .first_replica = 11, .iteration = iteration};
    source->sample(draws, x, scratch, g);
    source->sample(draws, flat, flat_g);
    for (Index i = 0; i < 3; ++i)
      EXPECT_NEAR(flat_g[static_cast<std::size_t>(i)], g(0, i), 16.0 * 0x1p-24 * (1.0 + g.abs().maxCoeff()));
  }
}

TEST(LinearRegression, HasTheCovarianceOfItsFormula) {
  const auto source = make_source("linear-regression", full);
  const Eigen::Vector2d w(0.7, -0.4);
  const Eigen::Matrix2d hessian = source->dense()->hessian(w);
  const Eigen::Vector2d f = hessian * w;
  const Eigen::Matrix2d expected = (f * f.transpose() + (w.dot(f) + 0.25) * hessian) / 3.0;
  EXPECT_LT((source->dense()->covariance(0.0, w) - expected).cwiseAbs().maxCoeff(), 1e-15);
}

TEST(LinearRegression, RefusesWhatIsNoDistributionOfData) {
  const auto refused = [](const char* name, std::vector<double> value) {
    Parameters parameters = full;
    parameters[name] = std::move(value);
    return [parameters] { make_source("linear-regression", parameters); };
  };
  EXPECT_THAT(refused("hessian", {1.0, 2.0, 2.0, 1.0}),
              ThrowsMessage<InvalidParameter>(HasSubstr("positive definite")));
  EXPECT_THAT(refused("batch", {2.5}), ThrowsMessage<InvalidParameter>(HasSubstr("whole number")));
  EXPECT_THROW(refused("batch", {0.0})(), InvalidParameter);
  EXPECT_THROW(refused("residual", {0.0})(), InvalidParameter);
  EXPECT_THAT([] { make_source("linear-regresion", full); },
              ThrowsMessage<UnknownName>(HasSubstr("linear-regression")));
}

TEST(LinearRegression, HasDependentSignsInSeveralCoordinates) {
  EXPECT_THAT([] { make_sde("signsgd", context(make_source("linear-regression", full))); },
              ThrowsMessage<InvalidParameter>(HasSubstr("signs of dependent coordinates")));
}

}  // namespace
}  // namespace sdelens
