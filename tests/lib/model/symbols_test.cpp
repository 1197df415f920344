// Rules read by a symbolic scalar.
#include <gtest/gtest.h>

#include <cmath>

#include "sdelens/model/optimizers/adam.hpp"
#include "sdelens/model/optimizers/rmsprop.hpp"
#include "sdelens/model/optimizers/signsgd.hpp"
#include "sdelens/model/sdes/rmsprop.hpp"
#include "tests/lib/model/expression.hpp"

namespace sdelens {
namespace {

using test::Expression;

Expression symbol(const char* name) { return Expression::symbol(name); }

/// The central difference of second order by one of the numbers.
template <class Function>
double difference(const Function& function, Expression::Numbers numbers, const char* name, double distance) {
  const double centre = numbers.at(name);
  numbers[name] = centre + distance;
  const double after = function(numbers);
  numbers[name] = centre - distance;
  return (after - function(numbers)) / (2.0 * distance);
}

const Expression::Numbers somewhere{{"tau", 0.0}, {"c", 1.7},    {"epsilon", 0.3}, {"gamma", 0.4},
                                    {"g", -0.8},  {"v", 0.6},    {"x", 0.5},       {"m", 0.2},
                                    {"d", 2.5},   {"eta", 0.01}, {"k", 6.0}};

// The rule with beta = 1 - c tau and eta = tau moves by tau h_0 + tau^2 h_1 + ..., with
//   h_0 = (c (g^2 - v), -g / (sqrt v + epsilon) - gamma x),
//   h_1 = (0, c g (g^2 - v) / (2 sqrt v (sqrt v + epsilon)^2)).
TEST(RmsPropRule, HasTheModifiedEquationsCoefficientsInSymbols) {
  const Expression tau = symbol("tau");
  const RmsPropRule<Expression> rule{1.0 - symbol("c") * tau, symbol("epsilon"), symbol("gamma")};
  Expression v = symbol("v");
  Expression x = symbol("x");
  rule.step(rule.at(tau, Expression(0.0)), symbol("g"), v, x);
  EXPECT_EQ(v.at(somewhere), 0.6);
  EXPECT_EQ(x.at(somewhere), 0.5);
  const double c = 1.7, epsilon = 0.3, gamma = 0.4, g = -0.8, v_0 = 0.6, x_0 = 0.5;
  const double root = std::sqrt(v_0);
  EXPECT_NEAR(v.by("tau").at(somewhere), c * (g * g - v_0), 1e-15);
  EXPECT_NEAR(x.by("tau").at(somewhere), -g / (root + epsilon) - gamma * x_0, 1e-15);
  EXPECT_NEAR(v.by("tau").by("tau").at(somewhere), 0.0, 1e-15);
  EXPECT_NEAR(0.5 * x.by("tau").by("tau").at(somewhere),
              c * g * (g * g - v_0) / (2.0 * root * std::pow(root + epsilon, 2)), 1e-15);
}

// The difference's error: tau^2 h_2, of size 1, and 2^-53 / tau.
TEST(RmsPropRule, HasTheDerivativeOfItsNumbers) {
  const auto x_after = [](const Expression::Numbers& at) {
    const double tau = at.at("tau");
    const RmsPropRule<double> rule{1.0 - at.at("c") * tau, at.at("epsilon"), at.at("gamma")};
    double v = at.at("v");
    double x = at.at("x");
    rule.step(rule.at(tau, 0.0), at.at("g"), v, x);
    return x;
  };
  const Expression tau = symbol("tau");
  const RmsPropRule<Expression> rule{1.0 - symbol("c") * tau, symbol("epsilon"), symbol("gamma")};
  Expression v = symbol("v");
  Expression x = symbol("x");
  rule.step(rule.at(tau, Expression(0.0)), symbol("g"), v, x);
  for (const char* name : {"tau", "c", "g", "v", "x", "epsilon", "gamma"}) {
    EXPECT_NEAR(x.by(name).at(somewhere), difference(x_after, somewhere, name, 1e-5), 1e-9) << name;
  }
}

// beta_1 = 1 - c tau, beta_2 = 1 - d tau, eta = tau, without the correction of the bias:
//   h_0 = (c (g - m), d (g^2 - v), -m / (sqrt v + epsilon) - gamma x).
TEST(AdamRule, HasTheModifiedEquationsCoefficientsInSymbols) {
  const Expression tau = symbol("tau");
  const AdamRule<Expression> rule{1.0 - symbol("c") * tau, 1.0 - symbol("d") * tau, symbol("epsilon"),
                                  symbol("gamma"), false};
  Expression m = symbol("m");
  Expression v = symbol("v");
  Expression x = symbol("x");
  rule.step(rule.at(tau, Expression(0.0)), symbol("g"), m, v, x);
  EXPECT_NEAR(m.by("tau").at(somewhere), 1.7 * (-0.8 - 0.2), 1e-15);
  EXPECT_NEAR(v.by("tau").at(somewhere), 2.5 * (0.64 - 0.6), 1e-15);
  EXPECT_NEAR(x.by("tau").at(somewhere), -0.2 / (std::sqrt(0.6) + 0.3) - 0.4 * 0.5, 1e-15);
}

// With the correction: the same text in symbols and in numbers. Ten roundings of numbers below 1; the small
// denominator 1 - beta^7 = 0.3 adds as much.
TEST(AdamRule, IsTheSameInSymbolsAndInNumbers) {
  const AdamRule<Expression> rule{symbol("m") + 0.5, symbol("v") + 0.3, symbol("epsilon"), symbol("gamma"),
                                  true};
  const AdamRule<double> numbers{0.7, 0.9, 0.3, 0.4, true};
  Expression m = symbol("m"), v = symbol("v"), x = symbol("x");
  double m_number = 0.2, v_number = 0.6, x_number = 0.5;
  rule.step(rule.at(symbol("eta"), symbol("k")), symbol("g"), m, v, x);
  numbers.step(numbers.at(0.01, 6.0), -0.8, m_number, v_number, x_number);
  EXPECT_NEAR(m.at(somewhere), m_number, 1e-14);
  EXPECT_NEAR(v.at(somewhere), v_number, 1e-14);
  EXPECT_NEAR(x.at(somewhere), x_number, 1e-14);
}

TEST(SignSgdRule, HasTheModifiedEquationsCoefficientInSymbols) {
  Expression x = symbol("x");
  SignSgdRule<Expression> rule;
  rule.step(rule.at(symbol("tau"), Expression(0.0)), symbol("g"), x);
  EXPECT_EQ(x.by("tau").at(somewhere), 1.0);
  EXPECT_EQ(rule.kinks<Expression>().at(0).at(somewhere), 0.0);
}

// The equation's drift is the mean of the rule's h_0 over g = f + sigma xi, its loading the part of h_0 in xi, with
// rho = c: E g^2 = f^2 + sigma^2, and the loading has the root of the learning rate.
TEST(RmsPropEquation, HasTheDriftAndTheLoadingOfItsRuleInSymbols) {
  const Expression eta = symbol("eta");
  const RmsPropEquation<Expression> equation{1.0 - symbol("c") * eta, symbol("epsilon"), symbol("gamma"),
                                             1.0};
  const auto now = equation.at(symbol("t"), eta, 1.0);
  Local<Expression> here;
  here.gradient = symbol("g");
  here.deviation = symbol("m");
  const auto change = [&](const Expression& h, const Expression& w) {
    std::array<Expression, 2> result;
    equation.change(now, h, here, std::array{w}, symbol("x"), symbol("v"), result[0], result[1]);
    return std::array{result[0].at(somewhere), result[1].at(somewhere)};
  };
  const double c = 1.7, epsilon = 0.3, gamma = 0.4, f = -0.8, sigma = 0.2, v = 0.6, x = 0.5;
  const double p = std::sqrt(v) + epsilon;
  const auto drift = change(1.0, 0.0);
  EXPECT_NEAR(drift[0], -f / p - gamma * x, 1e-14);
  EXPECT_NEAR(drift[1], c * (f * f + sigma * sigma - v), 1e-14);
  const auto loading = change(0.0, symbol("m"));
  EXPECT_NEAR(loading[0], -std::sqrt(0.01) * sigma / p, 1e-15);
  EXPECT_EQ(loading[1], 0.0);
}

}  // namespace
}  // namespace sdelens
