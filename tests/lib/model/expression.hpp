#pragma once

#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace sdelens::test {

/// The least of a symbolic scalar: what rules and SDEs must be readable by. It simplifies nothing.
class Expression {
 public:
  using Numbers = std::map<std::string, double>;

  Expression() : Expression(0.0) {}
  // Implicit, so that a number may stand beside a symbol.
  // NOLINTNEXTLINE(google-explicit-constructor)
  Expression(double number) : node_(std::make_shared<Node>(Node{.kind = "number", .number = number})) {}
  static Expression symbol(std::string name) {
    return Expression({.kind = "symbol", .name = std::move(name)});
  }

  double at(const Numbers& numbers) const;
  /// The derivative by a symbol. sign and select are taken as constant where they jump.
  Expression by(const std::string& name) const;

  friend Expression operator-(const Expression& a) { return Expression(-1.0) * a; }
  friend Expression operator+(const Expression& a, const Expression& b) { return make("+", {a, b}); }
  friend Expression operator-(const Expression& a, const Expression& b) { return make("-", {a, b}); }
  friend Expression operator*(const Expression& a, const Expression& b) { return make("*", {a, b}); }
  friend Expression operator/(const Expression& a, const Expression& b) { return make("/", {a, b}); }
  friend Expression operator>=(const Expression& a, const Expression& b) { return make(">=", {a, b}); }
  friend Expression operator<(const Expression& a, const Expression& b) { return make("<", {a, b}); }
  friend Expression operator>(const Expression& a, const Expression& b) { return b < a; }
  friend Expression pow(const Expression& a, const Expression& b) { return make("pow", {a, b}); }
  friend Expression log(const Expression& a) { return make("log", {a}); }
  friend Expression exp(const Expression& a) { return make("exp", {a}); }
  friend Expression sqrt(const Expression& a) { return make("sqrt", {a}); }
  friend Expression abs(const Expression& a) { return sign(a) * a; }
  friend Expression sign(const Expression& a) { return make("sign", {a}); }
  friend Expression select(const Expression& condition, const Expression& yes, const Expression& no) {
    return make("select", {condition, yes, no});
  }

 private:
  struct Node {
    std::string kind;
    std::vector<Expression> arguments{};
    double number = 0.0;
    std::string name{};
  };
  explicit Expression(Node node) : node_(std::make_shared<Node>(std::move(node))) {}
  static Expression make(std::string kind, std::vector<Expression> arguments) {
    return Expression(Node{.kind = std::move(kind), .arguments = std::move(arguments)});
  }
  const Expression& argument(std::size_t i) const { return node_->arguments.at(i); }

  std::shared_ptr<const Node> node_;
};

inline double Expression::at(const Numbers& numbers) const {
  const std::string& kind = node_->kind;
  if (kind == "number") return node_->number;
  if (kind == "symbol") return numbers.at(node_->name);
  const double a = argument(0).at(numbers);
  if (kind == "log") return std::log(a);
  if (kind == "exp") return std::exp(a);
  if (kind == "sqrt") return std::sqrt(a);
  if (kind == "sign") return a >= 0.0 ? 1.0 : -1.0;
  if (kind == "select") return argument(a != 0.0 ? 1 : 2).at(numbers);
  const double b = argument(1).at(numbers);
  if (kind == "+") return a + b;
  if (kind == "-") return a - b;
  if (kind == "*") return a * b;
  if (kind == "/") return a / b;
  if (kind == "pow") return std::pow(a, b);
  if (kind == "<") return a < b ? 1.0 : 0.0;
  if (kind == ">=") return a >= b ? 1.0 : 0.0;
  throw std::logic_error("no value of " + kind);
}

inline Expression Expression::by(const std::string& name) const {
  const std::string& kind = node_->kind;
  if (kind == "number" || kind == "sign") return 0.0;
  if (kind == "symbol") return node_->name == name ? 1.0 : 0.0;
  const Expression& a = argument(0);
  if (kind == "select") return select(a, argument(1).by(name), argument(2).by(name));
  const Expression da = a.by(name);
  if (kind == "log") return da / a;
  if (kind == "exp") return da * exp(a);
  if (kind == "sqrt") return da / (2.0 * sqrt(a));
  const Expression& b = argument(1);
  const Expression db = b.by(name);
  if (kind == "+") return da + db;
  if (kind == "-") return da - db;
  if (kind == "*") return da * b + a * db;
  if (kind == "/") return (da - a / b * db) / b;
  if (kind == "pow") return pow(a, b) * (db * log(a) + b * da / a);
  throw std::logic_error("no derivative of " + kind);
}

}  // namespace sdelens::test
