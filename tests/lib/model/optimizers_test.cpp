#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "sdelens/model/optimizer.hpp"

namespace sdelens {
namespace {

// The update rules as the documentation of PyTorch 2 states them (torch.optim.SGD, Adam, AdamW, RMSprop, none
// centered, no momentum unless it is Adam's, not maximised), one coordinate in extended precision. Weight decay
// is decoupled, as in AdamW: theta <- theta - lr * decay * theta before the rest of the step.
class Reference {
 public:
  Reference(std::string name, const Parameters& parameters, long double theta)
      : name_(std::move(name)), parameters_(parameters), theta_(theta), v_(value("initial_v", 0.0)) {}

  void step(long double lr, long double g) {
    ++t_;
    theta_ -= lr * value("gamma", 0.0) * theta_;
    if (name_ == "sgd" || name_ == "sgdw") {
      theta_ -= lr * g;
    } else if (name_ == "signsgd") {
      theta_ -= lr * (g < 0 ? -1.0L : 1.0L);
    } else if (name_ == "rmsprop" || name_ == "rmspropw") {
      const long double alpha = value("beta", 0.999);
      v_ = alpha * v_ + (1 - alpha) * g * g;
      theta_ -= lr * g / (std::sqrt(v_) + value("epsilon", 1e-8));
    } else {
      const long double beta_1 = value("beta_1", 0.9);
      const long double beta_2 = value("beta_2", 0.999);
      m_ = beta_1 * m_ + (1 - beta_1) * g;
      v_ = beta_2 * v_ + (1 - beta_2) * g * g;
      const long double m_hat = m_ / (1 - std::pow(beta_1, t_));
      const long double v_hat = v_ / (1 - std::pow(beta_2, t_));
      theta_ -= lr * m_hat / (std::sqrt(v_hat) + value("epsilon", 1e-8));
    }
  }

  long double theta() const { return theta_; }

 private:
  long double value(const char* key, double fallback) const {
    const auto found = parameters_.find(key);
    return found == parameters_.end() ? fallback : found->second.front();
  }

  std::string name_;
  Parameters parameters_;
  long double theta_, m_ = 0, v_;
  long double t_ = 0;
};

struct Case {
  std::string name;
  Parameters parameters;
};

void PrintTo(const Case& example, std::ostream* out) {
  *out << example.name;
  for (const auto& [key, values] : example.parameters) *out << " " << key << "=" << values.front();
}

class OptimizerReference : public testing::TestWithParam<Case> {};

// A step rounds about ten times, each by 2^-53 of a number of size 4 at most, and no rule amplifies errors of x;
// errors of m and v are divided by sqrt(v) alike. 80 steps: 80 * 10 * 4 * 2^-53 = 4e-13.
TEST_P(OptimizerReference, FollowsTheDocumentedUpdate) {
  constexpr Index rows = 5;
  constexpr Index dimension = 3;
  const auto optimizer = make_optimizer(GetParam().name, GetParam().parameters);
  Batch x(rows, dimension);
  Batch memory(rows, optimizer->memory_columns(dimension));
  optimizer->initialise(memory);
  std::vector<Reference> references;
  for (Index i = 0; i < rows * dimension; ++i) {
    x(i) = 0.1 * static_cast<double>(i) - 0.7;
    references.emplace_back(GetParam().name, GetParam().parameters, x(i));
  }
  std::mt19937_64 random(11);
  Batch gradient(rows, dimension);
  for (std::uint64_t k = 0; k < 80; ++k) {
    const double rate = 0.05 / std::sqrt(static_cast<double>(k) + 1.0);
    for (Index i = 0; i < gradient.size(); ++i) {
      gradient(i) = std::ldexp(static_cast<double>(random() >> 11), -52) - 0.9;
      references[static_cast<std::size_t>(i)].step(rate, gradient(i));
    }
    optimizer->update({.index = k, .learning_rate = rate}, gradient, memory, x);
    for (Index i = 0; i < x.size(); ++i) {
      ASSERT_NEAR(x(i), static_cast<double>(references[static_cast<std::size_t>(i)].theta()), 4e-13)
          << "step " << k << ", entry " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    PyTorch, OptimizerReference,
    testing::Values(
        Case{"sgd", {}}, Case{"sgdw", {{"gamma", {0.0}}}}, Case{"sgdw", {{"gamma", {4.0}}}},
        Case{"signsgd", {}}, Case{"rmsprop", {}}, Case{"rmsprop", {{"beta", {0.0}}, {"epsilon", {0.25}}}},
        Case{"rmsprop", {{"beta", {0.9}}, {"initial_v", {2.0}}}}, Case{"rmspropw", {{"gamma", {1.0}}}},
        Case{"rmspropw", {{"beta", {0.99}}, {"epsilon", {1.0}}, {"gamma", {4.0}}, {"initial_v", {0.5}}}},
        Case{"adam", {}}, Case{"adam", {{"beta_1", {0.0}}, {"beta_2", {0.0}}, {"epsilon", {0.5}}}},
        Case{"adam", {{"beta_1", {0.99}}, {"beta_2", {0.9}}, {"epsilon", {0.1}}}},
        Case{"adamw", {{"gamma", {0.0}}}}, Case{"adamw", {{"gamma", {4.0}}, {"epsilon", {1.0}}}},
        Case{"adamw", {{"beta_1", {0.5}}, {"beta_2", {0.992}}, {"gamma", {1.0}}}}));

struct Worked {
  Case optimizer;
  std::vector<double> rates, gradients, iterates;
};

// Worked by hand, from x = 0.
// adam, beta_1 = 1/2, beta_2 = 3/4, epsilon = 1: m^ = 2, v^ = 4, x = -0.1 * 2/3 = -1/15; then m = -1/2, m^ = -2/3,
//   v = 7/4, v^ = 4, x = -1/15 + 0.05 * 2/9 = -1/18. adamw with gamma = 2: -1/15 * 0.9 + 1/90 = -22/450.
// rmsprop, beta = 3/4, epsilon = 1: v = 4, x = -0.1 * 4/3 = -2/15; v = 3 + 1 = 4, x = -2/15 + 0.05 * 2/3 = -1/10.
// rmspropw with gamma = 2: -2/15 * 0.9 + 1/30 = -13/150. From initial_v = 16: v = 12 + 4 = 16, x = -0.1 * 4/5.
TEST(OptimizersByHand, GiveTheWorkedIterates) {
  const Parameters adam{{"beta_1", {0.5}}, {"beta_2", {0.75}}, {"epsilon", {1.0}}};
  const Parameters rmsprop{{"beta", {0.75}}, {"epsilon", {1.0}}};
  const auto with = [](Parameters parameters, const char* key, double value) {
    parameters[key] = {value};
    return parameters;
  };
  const std::vector<Worked> table{
      {{"sgd", {}}, {0.1, 0.05}, {1.0, -2.0}, {-0.1, 0.0}},
      {{"sgdw", {{"gamma", {2.0}}}}, {0.1, 0.05}, {1.0, -2.0}, {-0.1, 0.01}},
      {{"signsgd", {}}, {0.1, 0.05, 0.025}, {3.0, -2.0, -0.0}, {-0.1, -0.05, -0.075}},
      {{"adam", adam}, {0.1, 0.05}, {2.0, -2.0}, {-1.0 / 15.0, -1.0 / 18.0}},
      {{"adamw", with(adam, "gamma", 2.0)}, {0.1, 0.05}, {2.0, -2.0}, {-1.0 / 15.0, -22.0 / 450.0}},
      {{"rmsprop", rmsprop}, {0.1, 0.05}, {4.0, -2.0}, {-2.0 / 15.0, -0.1}},
      {{"rmspropw", with(rmsprop, "gamma", 2.0)}, {0.1, 0.05}, {4.0, -2.0}, {-2.0 / 15.0, -13.0 / 150.0}},
      {{"rmsprop", with(rmsprop, "initial_v", 16.0)}, {0.1}, {4.0}, {-0.08}},
  };
  for (const auto& [example, rates, gradients, iterates] : table) {
    const auto optimizer = make_optimizer(example.name, example.parameters);
    Batch x = Batch::Zero(1, 1);
    Batch memory(1, optimizer->memory_columns(1));
    optimizer->initialise(memory);
    for (std::size_t k = 0; k < iterates.size(); ++k) {
      optimizer->update({.index = k, .learning_rate = rates[k]}, Batch::Constant(1, 1, gradients[k]), memory,
                        x);
      EXPECT_NEAR(x(0), iterates[k], 1e-16) << example.name << ", step " << k;
    }
  }
}

// The first step of Adam is the sign of the gradient whatever its size, epsilon = 0.
TEST(AdamOptimizer, StartsWithTheSign) {
  const auto adam = make_optimizer("adam", {{"epsilon", {0.0}}});
  for (const double g : {1e-100, 1e-3, 1.0, 1e100}) {
    Batch x = Batch::Zero(1, 2);
    Batch memory(1, 4);
    adam->initialise(memory);
    Batch gradient(1, 2);
    gradient << g, -g;
    adam->update({.index = 0, .learning_rate = 0.25}, gradient, memory, x);
    EXPECT_NEAR(x(0, 0), -0.25, 1e-15);
    EXPECT_NEAR(x(0, 1), 0.25, 1e-15);
  }
}

TEST(RmsPropOptimizer, TakesOneInitialVForEachCoordinate) {
  const auto optimizer = make_optimizer("rmsprop", {{"initial_v", {1.0, 4.0}}});
  Batch memory(3, 2);
  optimizer->initialise(memory);
  EXPECT_TRUE((memory.col(0) == 1.0).all());
  EXPECT_TRUE((memory.col(1) == 4.0).all());
  Batch wrong(3, 3);
  EXPECT_THROW(optimizer->initialise(wrong), InvalidParameter);
}

struct Refused {
  const char* optimizer;
  const char* key;
  std::vector<double> values;
};

TEST(OptimizerParameters, AreCheckedAgainstTheirRanges) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<Refused> table{{"sgdw", "gamma", {-1e-300, infinity, nan}},
                                   {"rmsprop", "beta", {-0.1, 1.0, nan}},
                                   {"rmsprop", "epsilon", {-1e-300, infinity, nan}},
                                   {"rmsprop", "initial_v", {-1e-300, infinity, nan}},
                                   {"rmspropw", "gamma", {-1.0, infinity, nan}},
                                   {"rmspropw", "beta", {-0.1, 1.0, nan}},
                                   {"adam", "beta_1", {-0.1, 1.0, nan}},
                                   {"adam", "beta_2", {-0.1, 1.0, 2.0, nan}},
                                   {"adam", "epsilon", {-1e-300, infinity, nan}},
                                   {"adamw", "beta_1", {-0.1, 1.0, nan}},
                                   {"adamw", "beta_2", {-0.1, 1.0, nan}},
                                   {"adamw", "gamma", {-1.0, infinity, nan}}};
  for (const auto& [optimizer, key, values] : table) {
    for (const double value : values) {
      Parameters parameters{{key, {value}}};
      const std::string name = optimizer;
      if (name.back() == 'w') parameters.try_emplace("gamma", std::vector{1.0});
      EXPECT_THAT([&] { make_optimizer(name, parameters); },
                  testing::ThrowsMessage<InvalidParameter>(
                      testing::HasSubstr(name + ": " + key + " is " + fmt::format("{}", value))));
    }
  }
}

TEST(OptimizerParameters, DecayHasNoDefault) {
  for (const char* name : {"sgdw", "rmspropw", "adamw"}) {
    EXPECT_THAT([&] { make_optimizer(name, {}); },
                testing::ThrowsMessage<InvalidParameter>(testing::HasSubstr("gamma is missing")));
  }
}

TEST(OptimizerParameters, AnUnknownNameQuotesTheNearest) {
  EXPECT_THAT([] { make_optimizer("adm", {}); },
              testing::ThrowsMessage<UnknownName>(testing::HasSubstr("adam")));
  EXPECT_THROW(make_optimizer("sgd", {{"gamma", {1.0}}}), UnknownName);
}

}  // namespace
}  // namespace sdelens
