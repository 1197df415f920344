// The SDEs of RMSprop(W) and Adam(W), against coefficients worked by hand and against the optimizers.
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/sde.hpp"

namespace sdelens {
namespace {

constexpr double eta = 0.1;

/// f = x^2 (lambda = 2).
std::shared_ptr<const Landscape> parabola() { return make_landscape("quadratic", {{"curvatures", {2.0}}}); }

/// With Z ~ N(0, sigma^2).
SdeContext context(double sigma) {
  return {.source = additive(parabola(), make_noise("gaussian", 1, {{"sigma", {sigma}}})),
          .learning_rate = eta,
          .schedule = make_schedule("constant")};
}

Point drift(const Sde& sde, double t, const std::vector<double>& state) {
  const Batch row = Eigen::Map<const Eigen::RowVectorXd>(state.data(), std::ssize(state)).array();
  Batch result(1, row.cols());
  sde.drift(t, row, result);
  return result.row(0).transpose().matrix();
}

Point diffusion(const Sde& sde, double t, const std::vector<double>& state) {
  const Batch row = Eigen::Map<const Eigen::RowVectorXd>(state.data(), std::ssize(state)).array();
  Batch result(1, row.cols());
  sde.diffuse(t, row, Batch::Ones(1, 1), result);
  return result.row(0).transpose().matrix();
}

void expect_near(const Point& found, const std::vector<double>& expected) {
  ASSERT_EQ(found.size(), std::ssize(expected));
  for (Index i = 0; i < found.size(); ++i) {
    const double value = expected[static_cast<std::size_t>(i)];
    EXPECT_NEAR(found(i), value, 1e-13 * (1.0 + std::abs(value))) << "column " << i;
  }
}

// x = 1, v = 4: grad = 2, P = sqrt 4 = 2, rho = (1 - .9)/.1 = 1.
TEST(RmsPropSde, HasTheCoefficientsOfThePaper) {
  const auto sde =
      make_sde("rmspropw", context(3.0), {{"beta", {0.9}}, {"epsilon", {0.0}}, {"gamma", {0.5}}});
  expect_near(drift(*sde, 0.7, {1.0, 4.0}), {-2.0 / 2.0 - 0.5, 4.0 + 9.0 - 4.0});
  expect_near(diffusion(*sde, 0.7, {1.0, 4.0}), {-std::sqrt(0.1) * 3.0 / 2.0, 0.0});
  const auto with_epsilon = make_sde("rmsprop", context(3.0), {{"beta", {0.9}}, {"epsilon", {2.0}}});
  expect_near(drift(*with_epsilon, 0.7, {1.0, 4.0}), {-2.0 / 4.0, 9.0});
}

TEST(RmsPropSde, OfMalladiHasNoGradientInV) {
  const auto sde = make_sde("rmsprop-malladi", context(3.0), {{"beta", {0.9}}, {"epsilon", {0.0}}});
  expect_near(drift(*sde, 0.7, {1.0, 4.0}), {-2.0 / 2.0, 9.0 - 4.0});
}

TEST(RmsPropSde, StartsFromTheMeanSquareOfTheFirstGradientOrWhatIsGiven) {
  const Point x = Point::Constant(1, 0.5);
  expect_near(make_sde("rmsprop", context(3.0))->start_state(x), {0.5, 1.0 + 9.0});
  expect_near(make_sde("rmsprop", context(3.0), {{"initial_v", {0.25}}})->start_state(x), {0.5, 0.25});
  EXPECT_THROW(make_sde("rmsprop", context(3.0), {{"initial_v", {0.0}}}), InvalidParameter);
  const auto sde = make_sde("rmsprop", context(3.0), {{"initial_v", {1.0, 2.0, 3.0}}});
  EXPECT_THROW(sde->start_state(x), InvalidParameter);
}

TEST(RmsPropSde, SeesNoiseThatVaries) {
  SdeContext varying = context(1.0);
  varying.source =
      additive(parabola(), make_noise("gaussian-state-dependent", 1, {{"sigma", {3.0}}, {"width", {0.5}}}));
  const auto sde = make_sde("rmsprop", varying, {{"beta", {0.9}}, {"epsilon", {0.0}}});
  // sigma^2 (1 + (1/.5)^2) = 45.
  expect_near(drift(*sde, 0.7, {1.0, 4.0}), {-1.0, 4.0 + 45.0 - 4.0});
  expect_near(diffusion(*sde, 0.7, {1.0, 4.0}), {-std::sqrt(0.1 * 45.0) / 2.0, 0.0});
}

// rho_1 = .5/.1 = 5, rho_2 = .2/.1 = 2, bracket m + .5 (2 - m) = 1.25 at m = .5.
const Parameters plain{{"beta_1", {0.5}}, {"beta_2", {0.8}}, {"epsilon", {0.0}}, {"bias_correction", {0.0}}};

TEST(AdamSde, HasTheCoefficientsOfThePaperWithoutBiasCorrection) {
  Parameters decaying = plain;
  decaying["gamma"] = {0.5};
  const auto sde = make_sde("adamw", context(3.0), decaying);
  expect_near(drift(*sde, 0.7, {1.0, 0.5, 4.0}), {-1.25 / 2.0 - 0.5, 5.0 * 1.5, 2.0 * (4.0 + 9.0 - 4.0)});
  expect_near(diffusion(*sde, 0.7, {1.0, 0.5, 4.0}), {0.0, 5.0 * std::sqrt(0.1) * 3.0, 0.0});
}

TEST(AdamSde, CorrectedHasTheNoiseOfTheFreshGradient) {
  const auto sde = make_sde("adam-corrected", context(3.0), plain);
  expect_near(drift(*sde, 0.7, {1.0, 0.5, 4.0}), {-1.25 / 2.0, 5.0 * 1.5, 2.0 * 9.0});
  expect_near(diffusion(*sde, 0.7, {1.0, 0.5, 4.0}),
              {-0.5 * std::sqrt(0.1) * 3.0 / 2.0, 5.0 * std::sqrt(0.1) * 3.0, 0.0});
}

TEST(AdamSde, OfMalladiHasTheMomentumAloneAndNoGradientInV) {
  const auto sde = make_sde("adam-malladi", context(3.0), plain);
  expect_near(drift(*sde, 0.7, {1.0, 0.5, 4.0}), {-0.5 / 2.0, 5.0 * 1.5, 2.0 * (9.0 - 4.0)});
}

// G_i at t + eta = .8: G_1 = 1 - e^-4, G_2 = 1 - e^-1.6; V one iteration ahead is 4 + .2 (4 + 9 - 4) = 5.8.
TEST(AdamSde, ReadsTheBiasCorrectionAndVOneIterationAhead) {
  Parameters corrected = plain;
  corrected["bias_correction"] = {1.0};
  corrected["epsilon"] = {0.25};
  const auto sde = make_sde("adam", context(3.0), corrected);
  const double root = std::sqrt(1.0 - std::exp(-1.6));
  expect_near(drift(*sde, 0.7, {1.0, 0.5, 4.0}),
              {-root / (1.0 - std::exp(-4.0)) * 1.25 / (std::sqrt(5.8) + 0.25 * root), 7.5, 18.0});
}

// From M = V = 0 the first drift is that of Adam's first mean step, grad / sqrt(grad^2 + sigma^2), up to the
// exponential in G_i for 1 - beta_i.
TEST(AdamSde, IsDefinedAtTimeZero) {
  for (const double beta : {0.9, 0.99, 0.999}) {
    const auto sde =
        make_sde("adam", context(3.0), {{"beta_1", {beta}}, {"beta_2", {beta}}, {"epsilon", {0.0}}});
    const Point start = sde->start_state(Point::Constant(1, 1.0));
    expect_near(start, {1.0, 0.0, 0.0});
    const Point b = drift(*sde, 0.0, {start(0), start(1), start(2)});
    EXPECT_NEAR(b(0), -2.0 / std::sqrt(13.0), 1.1 * 0.25 * (1.0 - beta));
  }
  const auto malladi = make_sde("adam-malladi", context(3.0), {{"epsilon", {0.0}}});
  const Point start = malladi->start_state(Point::Constant(1, 1.0));
  expect_near(start, {1.0, 0.1 * 2.0, 0.001 * 9.0});
  EXPECT_NEAR(drift(*malladi, 0.0, {start(0), start(1), start(2)})(0), -2.0 / 3.0, 0.05);
}

TEST(AdamSde, RefusesAnInitialVBesideTheBiasCorrection) {
  for (const char* name : {"adam", "adam-corrected", "adam-malladi"}) {
    EXPECT_THROW(make_sde(name, context(1.0), {{"initial_v", {1.0}}}), InvalidParameter) << name;
    EXPECT_THROW(make_sde(name, context(1.0), {{"bias_correction", {0.5}}}), InvalidParameter) << name;
  }
  EXPECT_THROW(make_optimizer("adam", {{"initial_v", {1.0}}}), InvalidParameter);
  EXPECT_NO_THROW(make_optimizer("adam", {{"initial_v", {1.0}}, {"bias_correction", {0.0}}}));
}

// With V held still (beta_2 -> 1) Euler-Maruyama at h = eta of the corrected equation is Adam itself on the same
// normals; the printed equation lacks the first noise, eta (1 - beta_1) sigma z / P of the first step.
TEST(AdamSde, CorrectedIsAdamAtTheStepOfOneIteration) {
  const Parameters parameters{{"beta_1", {0.7}},
                              {"beta_2", {1.0 - 1e-13}},
                              {"epsilon", {0.0}},
                              {"initial_v", {4.0}},
                              {"bias_correction", {0.0}}};
  const SdeContext setting = context(3.0);
  const auto adam = make_optimizer("adam", parameters);
  const std::vector<double> normals{0.3, -1.2, 0.8, 2.0, -0.4};
  for (const auto& [name, same] : {std::pair("adam-corrected", true), std::pair("adam", false)}) {
    const auto sde = make_sde(name, setting, parameters);
    Batch x = Batch::Ones(1, 1);
    Batch memory(1, 2);
    adam->initialise(memory);
    EXPECT_EQ(memory(0, 1), 4.0);
    Batch state = sde->start_state(Point::Constant(1, 1.0)).transpose().array();
    double difference = 0.0;
    for (std::size_t k = 0; k < normals.size(); ++k) {
      Batch gradient(1, 1);
      setting.source->loss()->gradient(x, gradient);
      gradient += 3.0 * normals[k];
      adam->update({.index = k, .learning_rate = eta}, gradient, memory, x);
      Batch scratch(1, 3);
      Batch change(1, 3);
      sde->increment(static_cast<double>(k) * eta, eta, state,
                     Batch::Constant(1, 1, std::sqrt(eta) * normals[k]), scratch, change);
      state += change;
      difference = std::max(difference, std::abs(state(0, 0) - x(0, 0)));
    }
    if (same) {
      EXPECT_LT(difference, 1e-11) << name;
    } else {
      EXPECT_GT(difference, 0.5 * eta * 0.3 * 3.0 * 0.3 / 2.0) << name;
    }
  }
}

TEST(AdaptiveSdes, NeedGaussianNoise) {
  SdeContext heavy = context(1.0);
  heavy.source = additive(parabola(), make_noise("student-t", 1, {{"sigma", {1.0}}, {"nu", {3.0}}}));
  for (const char* name : {"rmsprop", "adam", "adam-corrected", "adam-malladi", "rmsprop-malladi"}) {
    EXPECT_THROW(make_sde(name, heavy), InvalidParameter) << name;
  }
}

// t' = eta t: V / sigma^2 for u, and the drift of X per unit of t' is 1/eta times that per unit of t.
TEST(MalladisOriginalEquations, AreThoseInTheTimeOfThePaper) {
  const double sigma = 1.5;
  const double t = 0.7;
  const std::vector<double> state{1.0, 0.5, 4.0};
  const auto original =
      make_sde("adam-malladi-original", context(3.0),
               {{"beta_1", {0.5}}, {"beta_2", {0.8}}, {"epsilon", {0.25}}, {"sigma", {sigma}}});
  const auto converted =
      make_sde("adam-malladi", context(3.0), {{"beta_1", {0.5}}, {"beta_2", {0.8}}, {"epsilon", {0.25}}});
  const double square = sigma * sigma;
  const Point b = drift(*original, t * eta, {1.0, 0.5, 4.0 / square});
  const Point expected = drift(*converted, t, state);
  expect_near(b, {expected(0) / eta, expected(1) / eta, expected(2) / eta / square});
  const Point s = diffusion(*original, t * eta, {1.0, 0.5, 4.0 / square});
  const Point expected_s = diffusion(*converted, t, state);
  // dW has variance dt' = eta dt.
  expect_near(s, {0.0, expected_s(1) / std::sqrt(eta), 0.0});
}

}  // namespace
}  // namespace sdelens
