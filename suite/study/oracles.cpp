#include "suite/study/oracles.hpp"

#include <Eigen/Core>

#include "sdelens/exact/linear_recursion.hpp"
#include "sdelens/exact/sign_chain.hpp"
#include "sdelens/exact/sign_closure.hpp"

namespace sdelens {
namespace {

/// Advances one oracle for each coordinate through the iterations and collects what it says.
template <class MakeOracle>
ExactMoments collect(const SeparableQuadratic& problem, const std::vector<std::uint64_t>& iterations,
                     const MakeOracle& make_oracle) {
  const std::size_t dimension = problem.curvatures.size();
  ExactMoments result;
  result.mean.assign(iterations.size(), std::vector<double>(dimension));
  result.second_moment = result.mean;
  result.loss.assign(iterations.size(), 0.0);
  for (std::size_t i = 0; i < dimension; ++i) {
    auto oracle = make_oracle(problem.curvatures[i], problem.start[i]);
    for (std::size_t place = 0; place < iterations.size(); ++place) {
      oracle.advance(iterations[place] - oracle.iteration());
      result.mean[place][i] = oracle.mean();
      result.second_moment[place][i] = oracle.second_moment();
      result.loss[place] += 0.5 * problem.curvatures[i] * oracle.second_moment();
    }
  }
  return result;
}

/// One coordinate of the linear recursion.
class SgdCoordinate {
 public:
  SgdCoordinate(const LinearRecursionSettings& settings, double start)
      : recursion_(settings, Eigen::VectorXd::Constant(1, start)) {}
  void advance(std::uint64_t iterations) { recursion_.advance(iterations); }
  std::uint64_t iteration() const { return recursion_.iteration(); }
  double mean() const { return recursion_.mean()(0); }
  double second_moment() const { return recursion_.second_moment()(0, 0); }

 private:
  LinearRecursion recursion_;
};

}  // namespace

ExactMoments exact_signsgd(const SeparableQuadratic& problem, const std::vector<std::uint64_t>& iterations) {
  return collect(problem, iterations, [&](double curvature, double start) {
    return SignChain({.learning_rate = problem.learning_rate, .start = start},
                     gaussian_probability_down({.curvature = curvature, .sigma = problem.sigma}));
  });
}

ExactMoments exact_sgd(const SeparableQuadratic& problem, const std::vector<std::uint64_t>& iterations,
                       const RateFactor& rate_factor, double weight_decay) {
  return collect(problem, iterations, [&](double curvature, double start) {
    return SgdCoordinate({.hessian = Eigen::MatrixXd::Constant(1, 1, curvature),
                          .noise_covariance = Eigen::MatrixXd::Constant(1, 1, problem.sigma * problem.sigma),
                          .learning_rate = problem.learning_rate,
                          .weight_decay = weight_decay,
                          .rate_factor = rate_factor},
                         start);
  });
}

double stationary_sgd_loss(const SeparableQuadratic& problem, double weight_decay) {
  double loss = 0.0;
  for (const double curvature : problem.curvatures) {
    const Eigen::MatrixXd covariance = stationary_covariance(
        {.hessian = Eigen::MatrixXd::Constant(1, 1, curvature),
         .noise_covariance = Eigen::MatrixXd::Constant(1, 1, problem.sigma * problem.sigma),
         .learning_rate = problem.learning_rate,
         .weight_decay = weight_decay});
    loss += 0.5 * curvature * covariance(0, 0);
  }
  return loss;
}

ExactMoments closed_signsgd(const SeparableQuadratic& problem, const std::vector<std::uint64_t>& iterations,
                            const RateFactor& rate_factor) {
  return collect(problem, iterations, [&](double curvature, double start) {
    return SignClosure({.learning_rate = problem.learning_rate,
                        .curvature = curvature,
                        .sigma = problem.sigma,
                        .start = start,
                        .rate_factor = rate_factor});
  });
}

double stationary_signsgd_loss(const SeparableQuadratic& problem) {
  double loss = 0.0;
  for (std::size_t i = 0; i < problem.curvatures.size(); ++i) {
    const StationarySignLaw law(
        {.learning_rate = problem.learning_rate, .start = problem.start[i]},
        gaussian_probability_down({.curvature = problem.curvatures[i], .sigma = problem.sigma}));
    loss += 0.5 * problem.curvatures[i] * law.second_moment();
  }
  return loss;
}

}  // namespace sdelens
