// After the iterations that relaxation() asks for, the exact laws are the stationary ones.
#include "suite/predictions/relaxation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/exact/linear_recursion.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "tests/suite/predictions/problems.hpp"

namespace sdelens {
namespace {

using test::Asked;
using test::planned;
using testing::HasSubstr;

std::uint64_t needed(const Problem& problem) {
  return static_cast<std::uint64_t>(std::ceil(relaxation(problem).needed()));
}

TEST(Relaxation, IsLongEnoughForSgdW) {
  for (const double gamma : {0.0, 0.7}) {
    for (const double x0 : {0.0, 0.5, 1e4}) {
      const Problem problem = planned({.optimizer = "sgdw",
                                       .landscape = "quadratic:hessian=2/0.5/0.5/1",
                                       .noise = "gaussian:covariance=0.3/0.1/0.1/0.2",
                                       .set = {{"eta", {0.02}}, {"gamma", {gamma}}},
                                       .x0 = {x0}})
                                  .problem;
      const LinearRecursionSettings settings{.hessian = problem.hessian(),
                                             .noise_covariance = problem.scale_matrix(),
                                             .learning_rate = 0.02,
                                             .weight_decay = gamma};
      LinearRecursion recursion(settings, problem.start);
      recursion.advance(needed(problem));
      const Eigen::MatrixXd stationary = stationary_covariance(settings);
      for (Index i = 0; i < 2; ++i) {
        EXPECT_LT(std::abs(recursion.mean()(i)), 1e-4 * std::sqrt(stationary(i, i))) << gamma << ' ' << x0;
        EXPECT_NEAR(recursion.covariance()(i, i) / stationary(i, i), 1.0, 1e-6);
      }
    }
  }
}

TEST(Relaxation, IsLongEnoughForSignSgd) {
  for (const std::string noise : {"gaussian:0.5", "student-t:nu=1.5,sigma=0.2", "student-t:nu=1,sigma=0.5"}) {
    for (const double x0 : {0.003, 0.3, 2.0}) {
      const Problem problem = planned({.optimizer = "signsgd",
                                       .landscape = "quadratic:2",
                                       .noise = noise,
                                       .set = {{"eta", {0.01}}},
                                       .x0 = {x0}})
                                  .problem;
      const double sigma = problem.sigmas()(0);
      const ProbabilityDown down =
          problem.gaussian()
              ? gaussian_probability_down({.curvature = 2.0, .sigma = sigma})
              : student_t_probability_down({.curvature = 2.0, .sigma = sigma}, problem.degrees_of_freedom());
      const SignLattice lattice{.learning_rate = 0.01, .start = x0};
      SignChain chain(lattice, down);
      chain.advance(needed(problem));
      const StationarySignLaw law(lattice, down);
      EXPECT_LT(std::abs(chain.mean() - law.mean()), 0.01 * std::sqrt(law.variance())) << noise << ' ' << x0;
      EXPECT_NEAR(chain.variance() / law.variance(), 1.0, 1e-3) << noise << ' ' << x0;
    }
  }
}

TEST(Relaxation, IsNotFarLongerThanNeeded) {
  const Asked near{.optimizer = "sgd",
                   .landscape = "quadratic:1",
                   .noise = "gaussian:1",
                   .set = {{"eta", {0.01}}},
                   .x0 = {0.0}};
  // e^(-k eta lambda), so ten relaxation times are 1000 iterations.
  EXPECT_NEAR(relaxation(planned(near).problem).needed(), 1000.0, 10.0);
}

TEST(Relaxation, SaysHowLongItTakes) {
  const Problem problem = planned({.optimizer = "adamw",
                                   .landscape = "quadratic:1,3",
                                   .noise = "gaussian:0.5",
                                   .set = {{"gamma", {2.0}}}})
                              .problem;
  const auto enough = static_cast<std::uint64_t>(std::ceil(relaxation(problem).needed()));
  EXPECT_FALSE(unsettled(problem, enough));
  ASSERT_TRUE(unsettled(problem, enough / 2));
  EXPECT_THAT(*unsettled(problem, enough / 2), HasSubstr("not stationary at t = "));
}

TEST(Relaxation, OfAnUnstableSgdDoesNotExist) {
  Asked asked{.optimizer = "sgdw",
              .landscape = "quadratic:1,3",
              .noise = "gaussian:1",
              .set = {{"eta", {0.5}}, {"gamma", {1.5}}}};
  EXPECT_THAT(linear_instability(planned(asked).problem),
              testing::Optional(HasSubstr("eta must be below 2 / (lambda + gamma) = 0.4444")));
  EXPECT_THROW(relaxation(planned(asked).problem), std::logic_error);
  asked.landscape = "quadratic:-2,3";
  EXPECT_THAT(linear_instability(planned(asked).problem),
              testing::Optional(HasSubstr("the smallest eigenvalue of H plus gamma is -0.5, not positive")));
}

}  // namespace
}  // namespace sdelens
