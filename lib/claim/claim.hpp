#pragma once

#include <array>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "sdelens/core/measurement.hpp"
#include "sdelens/core/wording.hpp"

namespace sdelens {

/// Where a statement stands in print.
struct Source {
  std::string paper;  ///< "A" or "B", see reference/papers
  std::string item;   ///< "Lemma 3.7", "Figure 6, SignSGD"
};

/// A bound on |truth - prediction|: absolute + relative * |prediction|.
struct Bound {
  double absolute = 0.0;
  double relative = 0.0;
  double at(double prediction) const;
};

enum class Relation {
  equal,     ///< truth = prediction
  at_most,   ///< truth <= prediction
  at_least,  ///< truth >= prediction
  order,     ///< the weak order of convergence, a slope, = prediction
  ordering,  ///< a list of truths increases: its smallest step >= prediction
  identity,  ///< two calculations without sampling agree
};

/// pass: the discrepancy is within the resolution and consistent with the margin. fail: it is beyond the
/// margin. unresolved: neither is certain at the error rate given. error: NaN, overflow, paths that left the
/// domain of the equation.
enum class Verdict { pass, fail, unresolved, error };

/// Claims that share an error rate. Networks are too costly for more than a few runs, and from few runs nothing can be
/// decided at the rate of the rest.
enum class ErrorFamily {
  replicas,  ///< calculations and ensembles of many replicas
  few_runs,  ///< runs of which there are few, each one value: Student's t with one degree of freedom less than runs
};

std::string to_string(Relation relation);
std::string to_string(Verdict verdict);
std::string to_string(Wording wording);
std::string to_string(ErrorFamily family);
/// @throw std::invalid_argument for any other text
Relation relation_from(const std::string& text);
Verdict verdict_from(const std::string& text);
Wording wording_from(const std::string& text);
ErrorFamily error_family_from(const std::string& text);

inline constexpr std::array error_families{ErrorFamily::replicas, ErrorFamily::few_runs};

/// A statement that can be wrong.
struct Claim {
  std::string id{};         ///< unique in its experiment: "stationary-loss/sigma=0.1"
  std::string statement{};  ///< a sentence with its formula, in plain text with Unicode mathematics
  Source source{};
  /// Numbers of the lemmas, theorems and corollaries that it decides, as the paper prints them: "3.7". Empty for a
  /// check of our own simulation or oracle.
  std::vector<std::string> lemmas{};
  Wording wording = Wording::printed;  ///< of the statement that it repeats
  Relation relation = Relation::equal;
  /// The discrepancy that the theory itself allows, and why; zero for an exact statement.
  Bound margin{};
  std::string margin_reason{};
  /// A discrepancy beyond this must not pass; at least the margin. Zero: the margin itself.
  Bound resolution{};
  /// fail: the statement is printed wrongly and the gate is green only if it is refuted.
  Verdict expected = Verdict::pass;
  ErrorFamily family = ErrorFamily::replicas;
};

/// What a predicted number was asked of: an entry, a problem, a quantity. Whoever makes predictions derives from it, so
/// that a number in a claim can be asked again of another entry or problem.
class PredictionOrigin {
 public:
  virtual ~PredictionOrigin() = default;
  virtual std::string entry() const = 0;     ///< its name in the registry
  virtual std::string quantity() const = 0;  ///< "Var x1 at k = 100"
};

struct Prediction {
  double value = 0.0;
  double error = 0.0;  ///< bound on the error of the prediction itself: quadrature, truncation
  std::shared_ptr<const PredictionOrigin>
      origin{};  ///< empty where it is a number of the claim alone: a slope, 1
};

/// One point of a claim about a curve or a list.
struct Comparison {
  std::string where{};  ///< "t = 0.5", "eta = 1/32"
  Prediction prediction{};
  Measurement measurement{};
};

/// A claim with what was found.
struct Check {
  Claim claim;
  std::string where;  ///< the point that decided a claim about a curve; empty for one point
  std::size_t points = 1;
  double prediction = std::numeric_limits<double>::quiet_NaN();
  double estimate = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  /// An interval for truth - prediction at the error rate of the look.
  double lower = std::numeric_limits<double>::quiet_NaN();
  double upper = std::numeric_limits<double>::quiet_NaN();
  double margin = 0.0;      ///< absolute, with the prediction's own error
  double resolution = 0.0;  ///< absolute
  double error_rate = 0.0;  ///< of the last look, for either false verdict
  double spent = 0.0;       ///< by all looks so far
  int looks = 0;
  Verdict verdict = Verdict::unresolved;
  std::string reason;  ///< of an error, and of what could not be judged

  bool as_expected() const { return verdict == claim.expected; }
};

}  // namespace sdelens
