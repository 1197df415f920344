// What every registered gradient source keeps, by the capabilities that it offers. Every statistical check has a false
// alarm rate of 1e-6 (goodness_of_fit.hpp).
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/model/gradient_source.hpp"
#include "tests/conformance/names.hpp"
#include "tests/lib/core/goodness_of_fit.hpp"

namespace sdelens {
namespace {

const Stream stream(57, "gradient source");

class EverySource : public testing::TestWithParam<std::string> {
 protected:
  static const GradientSourceEntry& entry() { return Registry<GradientSourceEntry>::all().at(GetParam()); }
  static std::unique_ptr<GradientSource> make() { return entry().make(entry().example); }

  /// The same point in every row.
  static Batch point(Index rows, Index dimension) {
    Batch x(rows, dimension);
    for (Index i = 0; i < dimension; ++i) x.col(i) = 0.4 - 0.3 * static_cast<double>(i);
    return x;
  }
  static Batch sampled(const GradientSource& source, std::uint64_t first_replica, std::uint64_t iteration,
                       In x) {
    Batch g(x.rows(), x.cols());
    Batch scratch(x.rows(), x.cols());
    source.sample({.stream = stream, .first_replica = first_replica, .iteration = iteration}, x, scratch, g);
    return g;
  }
};

TEST_P(EverySource, SaysWhatItIsAndRefusesAnUnknownParameter) {
  EXPECT_FALSE(entry().reference.empty());
  EXPECT_EQ(make()->name(), GetParam());
  Parameters parameters = entry().example;
  parameters["no such parameter"] = {1.0};
  EXPECT_THROW(entry().make(parameters), UnknownName);
}

TEST_P(EverySource, SamplesOnBlocksOrOnFlatArrays) {
  const auto source = make();
  EXPECT_TRUE(source->samples_blocks() || source->samples_flat());
  std::vector<float> x(static_cast<std::size_t>(source->dimension()), 0.5F);
  std::vector<float> g(x.size());
  const Draws draws{.stream = stream, .first_replica = 0, .iteration = 0};
  if (!source->samples_flat()) {
    EXPECT_THROW(source->sample(draws, x, g), std::logic_error);
  }
}

TEST_P(EverySource, DrawsTheSameForAReplicaInAnyBlock) {
  const auto source = make();
  if (!source->samples_blocks()) GTEST_SKIP() << "it samples on flat arrays";
  Batch x(40, source->dimension());
  stream.normal(0, 99, x);
  const Batch whole = sampled(*source, 3, 5, x);
  for (const Index row : {0, 7, 12, 39}) {
    const Batch alone = sampled(*source, 3 + static_cast<std::uint64_t>(row), 5, x.row(row));
    EXPECT_TRUE((alone == whole.row(row)).all()) << "row " << row;
  }
  EXPECT_FALSE((sampled(*source, 3, 6, x) == whole).any()) << "another iteration draws anew";
}

TEST_P(EverySource, KeepsWhatIsNotANumberToItsReplica) {
  const auto source = make();
  if (!source->samples_blocks()) GTEST_SKIP() << "it samples on flat arrays";
  Batch x = point(11, source->dimension());
  x(3, 0) = std::nan("");
  const Batch g = sampled(*source, 0, 0, x);
  EXPECT_TRUE(std::isnan(g(3, 0)));
  EXPECT_TRUE(g.row(2).isFinite().all() && g.row(4).isFinite().all());
}

// Means of n draws by their own standard errors: normal at n = 2^18, where the fourth moment exists.
TEST_P(EverySource, HasTheGradientOfItsLossAsItsMean) {
  const auto source = make();
  if (!source->samples_blocks() || source->loss() == nullptr) GTEST_SKIP() << "it offers no loss on blocks";
  const Batch x = point(1 << 18, source->dimension());
  const Batch g = sampled(*source, 0, 0, x);
  Batch mean(1, x.cols());
  source->loss()->gradient(x.topRows(1), mean);
  std::vector<double> z;
  for (Index i = 0; i < x.cols(); ++i) {
    const Column deviation = g.col(i) - g.col(i).mean();
    const auto n = static_cast<double>(x.rows());
    z.push_back((g.col(i).mean() - mean(0, i)) / std::sqrt(deviation.square().sum() / n / (n - 1.0)));
  }
  EXPECT_TRUE(test::standard_normals(z));
}

TEST_P(EverySource, HasTheNoiseThatItSays) {
  const auto source = make();
  if (source->noise() == nullptr || source->dense() == nullptr) GTEST_SKIP() << "it does not know its noise";
  const NoiseLaw& noise = *source->noise();
  const Index d = source->dimension();
  const Batch x = point(d, d);
  const Eigen::MatrixXd covariance = source->dense()->covariance(2.0, x.row(0).transpose().matrix());
  Batch root(d, d);
  noise.root_times(2.0, x, Batch(Eigen::MatrixXd::Identity(d, d)), root);
  EXPECT_LT((root.matrix().transpose() * root.matrix() - covariance).cwiseAbs().maxCoeff(),
            1e-14 * covariance.cwiseAbs().maxCoeff());
  Batch deviation(d, d);
  noise.deviation(2.0, x, deviation);
  const Eigen::ArrayXd expected = covariance.diagonal().array().sqrt();
  EXPECT_LT((deviation.row(0).transpose() - expected).abs().maxCoeff(), 1e-14 * expected.maxCoeff());
  if (const Eigen::ArrayXd* const constant = noise.constant_deviations()) {
    EXPECT_LT((*constant - expected).abs().maxCoeff(), 1e-14 * expected.maxCoeff());
  }
}

// The slope at f = 0, and the mean sign of n draws: binomial counts.
TEST_P(EverySource, HasTheMeanSignThatItSays) {
  const auto source = make();
  if (source->noise() == nullptr || source->loss() == nullptr) GTEST_SKIP() << "it does not know its noise";
  const Index rows = 1 << 18;
  const Batch x = point(rows, source->dimension());
  const Batch g = sampled(*source, 0, 1, x);
  Batch mean(1, x.cols());
  source->loss()->gradient(x.topRows(1), mean);
  source->noise()->mean_sign(1.0, x.topRows(1), mean);
  for (Index i = 0; i < x.cols(); ++i) {
    const auto up = static_cast<double>((g.col(i) > 0.0).count());
    EXPECT_TRUE(test::binomial_count(up, static_cast<double>(rows), 0.5 * (1.0 + mean(0, i))))
        << "coordinate " << i;
  }
  const Batch near = 1e-9 * x.topRows(1);
  Batch slope(1, x.cols());
  Batch deviation(1, x.cols());
  Batch gradient(1, x.cols());
  source->loss()->gradient(near, gradient);
  slope = gradient;
  source->noise()->mean_sign(1.0, near, slope);
  source->noise()->deviation(1.0, near, deviation);
  for (Index i = 0; i < x.cols(); ++i) {
    const double expected = source->noise()->mean_sign_slope() * gradient(0, i) / deviation(0, i);
    EXPECT_NEAR(slope(0, i), expected, 1e-7 * std::abs(expected));
  }
}

// Floats of numbers near 1, a dozen roundings each.
TEST_P(EverySource, DrawsOnFlatArraysWhatItDrawsOnBlocks) {
  const auto source = make();
  if (!source->samples_blocks() || !source->samples_flat()) GTEST_SKIP() << "it samples in one way";
  const Batch x = point(1, source->dimension());
  const std::vector<float> flat(x.data(), x.data() + x.size());
  std::vector<float> g(flat.size());
  source->sample({.stream = stream, .first_replica = 17, .iteration = 4}, flat, g);
  const Batch block = sampled(*source, 17, 4, x);
  for (Index i = 0; i < x.cols(); ++i)
    EXPECT_NEAR(g[static_cast<std::size_t>(i)], block(0, i), 16.0 * 0x1p-24 * (1.0 + block.abs().maxCoeff()));
}

INSTANTIATE_TEST_SUITE_P(Registered, EverySource, test::registered<GradientSourceEntry>(), test::identifier);

}  // namespace
}  // namespace sdelens
