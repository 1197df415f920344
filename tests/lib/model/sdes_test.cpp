#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <numbers>

#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/sde.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

constexpr double eta = 0.04;
const std::array<double, 2> curvatures{1.5, 3.0};
const std::array<double, 2> sigma{0.5, 2.0};

SdeContext context(const char* noise = "gaussian", Parameters parameters = {{"sigma", {0.5, 2.0}}},
                   const char* schedule = "polynomial") {
  return {.source = additive(make_landscape("quadratic", {{"curvatures", {1.5, 3.0}}}),
                             make_noise(noise, 2, parameters)),
          .learning_rate = eta,
          .schedule = make_schedule(
              schedule, std::string(schedule) == "polynomial" ? Parameters{{"power", {0.5}}} : Parameters{})};
}

// Iteration k = t / eta of the polynomial schedule: eta_t = (k + 1)^(-1/2).
double eta_at(double t) { return 1.0 / std::sqrt(t / eta + 1.0); }

/// Drift and diffusion coefficient (for dw = 1 in every entry) of a separable SDE against formulas of
/// y = gradient / sigma and the column; the scale of the diffusion is sqrt(eta) eta_t, and its sign is free.
void expect_coefficients(const Sde& sde, const std::function<double(double y, Index i, double x)>& drift,
                         const std::function<double(double y, Index i)>& diffusion) {
  Batch x(6, 2);
  x << 0.0, 0.0, 0.1, -0.3, -0.2, 0.2, 1.0, 1.0, -5.0, 20.0, 1e-9, -1e-9;
  Batch b(x.rows(), 2);
  Batch s(x.rows(), 2);
  for (const double t : {0.0, 0.5}) {
    sde.drift(t, x, b);
    sde.diffuse(t, x, Batch::Ones(x.rows(), sde.noise_dimension()), s);
    for (Index row = 0; row < x.rows(); ++row) {
      for (Index i = 0; i < 2; ++i) {
        const auto c = static_cast<std::size_t>(i);
        const double y = curvatures[c] * x(row, i) / sigma[c];
        const double exact = eta_at(t) * drift(y, i, x(row, i));
        // Each coefficient rounds a few times; 1 - e^2 near e = 1 keeps an absolute error of 2^-52 and its root
        // one of 2^-26 = 1.5e-8.
        EXPECT_NEAR(b(row, i), exact, 2e-14 * std::abs(exact)) << "drift at " << x(row, i) << ", t " << t;
        const double size = std::sqrt(eta) * eta_at(t) * diffusion(y, i);
        EXPECT_NEAR(std::abs(s(row, i)), size, 1e-14 + 1e-15 / std::max(size, 6e-8))
            << "diffusion at " << x(row, i) << ", t " << t;
      }
    }
  }
}

TEST(SgdSdeTest, HasItsCoefficients) {
  const auto sde = make_sde("sgd", context());
  expect_coefficients(
      *sde, [](double y, Index i, double) { return -y * sigma[static_cast<std::size_t>(i)]; },
      [](double, Index i) { return sigma[static_cast<std::size_t>(i)]; });
}

TEST(SgdSdeTest, DecayPullsTowardsTheOrigin) {
  const auto sde = make_sde("sgdw", context(), {{"gamma", {0.75}}});
  expect_coefficients(
      *sde, [](double y, Index i, double x) { return -y * sigma[static_cast<std::size_t>(i)] - 0.75 * x; },
      [](double, Index i) { return sigma[static_cast<std::size_t>(i)]; });
}

TEST(SgdSdeTest, TakesDenseCovariances) {
  const auto sde = make_sde("sgd", context("gaussian", {{"covariance", {2.0, 0.6, 0.6, 1.0}}}, "constant"));
  Batch root(2, 2);
  sde->diffuse(0.0, Batch::Zero(2, 2), Batch(Eigen::MatrixXd::Identity(2, 2)), root);
  const Eigen::Matrix2d covariance = root.matrix().transpose() * root.matrix() / eta;
  EXPECT_LT((covariance - Eigen::Matrix2d{{2.0, 0.6}, {0.6, 1.0}}).cwiseAbs().maxCoeff(), 1e-14);
}

TEST(SignSgdSdeTest, HasTheCoefficientsOfGaussianNoise) {
  const auto erf = [](double y) { return boost::math::erf(y / std::numbers::sqrt2); };
  expect_coefficients(
      *make_sde("signsgd", context()), [&](double y, Index, double) { return -erf(y); },
      [&](double y, Index) { return std::sqrt(1.0 - erf(y) * erf(y)); });
}

TEST(SignSgdSdeTest, HasTheCoefficientsOfStudentTNoise) {
  for (const double nu : {1.0, 2.0, 3.0, 5.0}) {
    const boost::math::students_t law(nu);
    // 2 Xi = 2 F - 1 through the upper tail; the slope where that loses its digits.
    const auto twice_xi = [&law](double y) {
      if (std::abs(y) < 1e-8) return 2.0 * boost::math::pdf(law, 0.0) * y;
      return std::copysign(
          boost::math::ibeta(0.5, 0.5 * law.degrees_of_freedom(), y * y / (y * y + law.degrees_of_freedom())),
          y);
    };
    expect_coefficients(
        *make_sde("signsgd", context("student-t", {{"nu", {nu}}, {"sigma", {0.5, 2.0}}})),
        [&](double y, Index, double) { return -twice_xi(y); },
        [&](double y, Index) { return std::sqrt(1.0 - twice_xi(y) * twice_xi(y)); });
  }
}

TEST(SignSgdPhase1Test, IsTheSignWithoutNoise) {
  const auto sde = make_sde("signsgd-phase-1", context());
  EXPECT_EQ(sde->noise_dimension(), 0);
  expect_coefficients(
      *sde, [](double y, Index, double) { return y >= 0.0 ? -1.0 : 1.0; }, [](double, Index) { return 0.0; });
}

TEST(SignSgdPhase3Test, IsLinearWithinItsDomain) {
  const double slope = std::sqrt(2.0 / std::numbers::pi);
  expect_coefficients(
      *make_sde("signsgd-phase-3", context()), [&](double y, Index, double) { return -slope * y; },
      [&](double y, Index) { return std::sqrt(std::max(0.0, 1.0 - slope * slope * y * y)); });
  const boost::math::students_t law(3.0);
  const double t_slope = 2.0 * boost::math::pdf(law, 0.0);
  expect_coefficients(
      *make_sde("signsgd-phase-3", context("student-t", {{"nu", {3.0}}, {"sigma", {0.5, 2.0}}})),
      [&](double y, Index, double) { return -t_slope * y; },
      [&](double y, Index) { return std::sqrt(std::max(0.0, 1.0 - t_slope * t_slope * y * y)); });
}

// |Y| = sqrt(pi/2) = 1.2533 is where sqrt(2/pi) |Y| = 1; with curvature / sigma = 3 and 1.5 that is x = 0.41777, 0.83555.
TEST(SignSgdPhase3Test, MarksTheRowsOutsideItsDomainAndLeavesTheOthers) {
  const auto sde = make_sde("signsgd-phase-3", context());
  EXPECT_TRUE(sde->restricted());
  EXPECT_FALSE(make_sde("signsgd", context())->restricted());
  Batch x(6, 2);
  x << 0.4177, 0.8355, 0.4178, 0.0, 0.0, -0.8356, 0.0, 0.0, std::nan(""), 0.0, 0.0, 0.0;
  Eigen::Array<bool, Eigen::Dynamic, 1> outside(6);
  outside << false, false, false, false, false, true;
  sde->mark_outside(0.0, x, outside);
  Eigen::Array<bool, Eigen::Dynamic, 1> expected(6);
  expected << false, true, true, false, false, true;
  EXPECT_TRUE((outside == expected).all()) << outside.transpose();
}

TEST(SdeErrors, NameWhatIsWrong) {
  const Parameters dense{{"covariance", {2.0, 0.6, 0.6, 1.0}}};
  for (const char* name : {"signsgd", "signsgd-phase-3"}) {
    EXPECT_THAT([&] { make_sde(name, context("gaussian", dense)); },
                ThrowsMessage<InvalidParameter>(HasSubstr("must be diagonal")))
        << name;
  }
  const Parameters heavy{{"nu", {3.0}}, {"sigma", {0.5}}};
  for (const char* name : {"sgd", "sgdw"}) {
    const Parameters parameters = std::string(name) == "sgdw" ? Parameters{{"gamma", {1.0}}} : Parameters{};
    EXPECT_THAT([&] { make_sde(name, context("student-t", heavy), parameters); },
                ThrowsMessage<InvalidParameter>(HasSubstr("must be gaussian")))
        << name;
  }
  for (const double gamma : {-1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(make_sde("sgdw", context(), {{"gamma", {gamma}}}), InvalidParameter);
  }
  EXPECT_THROW(make_sde("sgdw", context()), InvalidParameter);
  for (const char* name : {"sgd", "signsgd", "signsgd-phase-1", "signsgd-phase-3"}) {
    EXPECT_THROW(make_sde(name, context(), {{"gamma", {1.0}}}), UnknownName) << name;
  }
  for (const double rate : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    SdeContext wrong = context();
    wrong.learning_rate = rate;
    EXPECT_THROW(make_sde("sgd", wrong), InvalidParameter) << rate;
  }
  EXPECT_THAT([] { make_sde("sginsgd", context()); }, ThrowsMessage<UnknownName>(HasSubstr("signsgd")));
}

TEST(SdeNan, StaysNan) {
  for (const char* name : {"sgd", "signsgd", "signsgd-phase-1", "signsgd-phase-3"}) {
    const auto sde = make_sde(name, context());
    Batch x(3, 2);
    x << 0.1, 0.2, std::nan(""), 0.2, 0.1, 0.2;
    Batch b(3, 2);
    sde->drift(0.0, x, b);
    EXPECT_TRUE(std::isnan(b(1, 0))) << name;
    EXPECT_TRUE(b.row(0).isFinite().all() && b.row(2).isFinite().all() && std::isfinite(b(1, 1))) << name;
  }
}

// An SDE of weak order 1 has the optimizer's mean step and, up to the square of the drift, its second moment:
// E D = eta b and E D_i^2 = eta^2 (b_i^2 + S_ii^2 / eta). Means over draws of the optimizer; a sign's square is 1
// exactly, so there only the mean is random. False alarms: 12 times 1e-6.
TEST(SdeMoments, AreThoseOfOneStepOfTheOptimizer) {
  struct Pair {
    const char* name;
    const char* noise;
    Parameters scale;
  };
  for (const auto& [name, noise, scale] :
       {Pair{"sgd", "gaussian", {{"sigma", {0.5, 2.0}}}},
        Pair{"signsgd", "gaussian", {{"sigma", {0.5, 2.0}}}},
        Pair{"signsgd", "student-t", {{"sigma", {0.5, 2.0}}, {"nu", {2.0}}}}}) {
    const SdeContext setting = context(noise, scale, "constant");
    const auto sde = make_sde(name, setting);
    const auto optimizer = make_optimizer(name, {});
    const Index rows = 1 << 19;
    const Batch start = Batch::Constant(rows, 2, 0.2);
    Batch gradient(rows, 2);
    Batch u(rows, 2);
    setting.source->sample({.stream = Stream(10, name), .first_replica = 0, .iteration = 0}, start, u,
                           gradient);
    Batch x = start;
    Batch memory(rows, 0);
    optimizer->update({.index = 0, .learning_rate = eta}, gradient, memory, x);
    const Batch step = (x - start) / eta;
    Batch b(1, 2);
    Batch s(1, 2);
    sde->drift(0.0, start.topRows(1), b);
    sde->diffuse(0.0, start.topRows(1), Batch::Ones(1, 2), s);
    for (Index i = 0; i < 2; ++i) {
      const double variance = s(0, i) * s(0, i) / eta;
      const double root = std::sqrt(static_cast<double>(rows));
      EXPECT_TRUE(test::standard_normal(root * (step.col(i).mean() - b(0, i)) / std::sqrt(variance)));
      const double second = b(0, i) * b(0, i) + variance;
      const double fluctuation = 2.0 * variance * variance + 4.0 * variance * b(0, i) * b(0, i);
      if (std::string(name) == "sgd") {
        EXPECT_TRUE(
            test::standard_normal(root * (step.col(i).square().mean() - second) / std::sqrt(fluctuation)));
      } else {
        EXPECT_NEAR(second, 1.0, 1e-14);
        EXPECT_LT((step.col(i).abs() - 1.0).abs().maxCoeff(), 1e-14);
      }
    }
  }
}

TEST(Schedules, HaveTheirFormulas) {
  EXPECT_EQ(make_schedule("constant")->factor(1e6), 1.0);
  const auto polynomial = make_schedule("polynomial", {{"power", {1.5}}});
  for (const double k : {0.0, 0.5, 3.0, 1e6}) {
    EXPECT_DOUBLE_EQ(polynomial->factor(k), 1.0 / ((k + 1.0) * std::sqrt(k + 1.0)));
  }
  EXPECT_EQ(make_schedule("polynomial", {{"power", {0.0}}})->factor(7.0), 1.0);
  for (const double power : {-0.5, std::nan(""), std::numeric_limits<double>::infinity()}) {
    EXPECT_THROW(make_schedule("polynomial", {{"power", {power}}}), InvalidParameter);
  }
  EXPECT_THROW(make_schedule("polynomial"), InvalidParameter);
  EXPECT_THROW(make_schedule("constant", {{"power", {1.0}}}), UnknownName);
  EXPECT_THROW(make_schedule("linear"), UnknownName);
}

}  // namespace
}  // namespace sdelens
