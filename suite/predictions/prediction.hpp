#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sdelens/claim/claim.hpp"
#include "sdelens/core/registry.hpp"
#include "suite/predictions/question.hpp"
#include "suite/predictions/statement.hpp"

namespace sdelens {

/// A predicted number. The margin is the absolute discrepancy that the prediction itself allows; 0 for an exact
/// one, empty where none is known.
struct Predicted {
  double value;
  std::optional<double> margin{};
};

/// Moments of the iterates at one iteration, or in the long run; what a prediction says nothing about is empty.
struct PredictedMoments {
  std::vector<Predicted> mean{};      ///< E x_i, empty or one for each coordinate
  std::vector<Predicted> variance{};  ///< Var x_i
  std::optional<Predicted> loss{};    ///< E f
};

/// What it is a statement about. optimizer: the discrete iterates only. sde: the chosen SDE only. both: a lemma of
/// the paper, derived for the SDE and meant for the optimizer.
enum class Subject { optimizer, sde, both };

/// Why something does not apply, as a clause: "needs mu > 0: the smallest eigenvalue of H is -1".
using Objection = std::optional<std::string>;
using Need = std::function<Objection(const Question&)>;

/// Moments at an iteration; called with iterations that do not fall.
using Curve = std::function<PredictedMoments(std::uint64_t iteration)>;

/// One prediction of mean, variance or loss. It has a curve, a limit for k -> infinity, or both: then the limit
/// serves where the curve does not apply.
struct PredictionEntry {
  std::string name;  ///< unique, for a file: "lemma-3.7-printed"
  /// The statement of the paper that it is, from which label, source and wording follow. Empty for a calculation of our
  /// own, which says them itself.
  std::optional<StatementPart> of{};
  std::string label{};  ///< for a reader: "Lemma 3.7"
  Source source{};
  Wording wording = Wording::exact;
  bool closure = false;                 ///< exact but for an approximation that is named and measured
  Relation relation = Relation::equal;  ///< equal or at_most
  Subject subject = Subject::both;
  std::vector<Need> needs;  ///< without one of these it says nothing: all must be met
  /// Where what it says is true to the accuracy of its margin. An experiment may ask beyond: there its claim fails.
  std::vector<Need> range{};
  std::vector<Need> curve_range{};                                         ///< beside that, of the curve
  std::function<Curve(const Question&)> curve{};                           ///< may be empty
  std::function<PredictedMoments(const Question&, const Place&)> limit{};  ///< may be empty
  /// A number of `of` that the paper does not have, with the nearest; empty if it is one.
  std::string fault() const;
  static constexpr const char* kind() { return "prediction"; }
};

/// Registers a prediction with what follows from its statement.
template <>
struct Register<PredictionEntry> {
  explicit Register(PredictionEntry entry, Site site = Site::here());
  /// To a registry of a test's own. A number that the paper does not have, and a second entry for one statement, part
  /// and wording, are conflicts of the registry: the message quotes the places.
  static void add(Registry<PredictionEntry>& registry, PredictionEntry entry, Site site);
};

/// The first objection; later needs are asked only if the earlier ones are met, so they may rely on them.
Objection first_objection(const Question& question, const std::vector<Need>& needs);

/// What one prediction says about one problem.
struct Forecast {
  const PredictionEntry* entry;
  Objection objection{};  ///< set: nothing below is
  /// At the iterations asked for; empty if the limit serves.
  std::vector<PredictedMoments> curve{};
  /// For each place: the moments, or why there are none. A window's variance is that of x at a random iteration of
  /// the window, <E x^2> - <E x>^2, as it is measured.
  struct AtPlace {
    PredictedMoments moments{};
    Objection objection{};
    bool limit = false;
  };
  std::vector<AtPlace> places{};
};

/// Asks every registered prediction, exact ones first.
/// @param iterations  increasing; where curves are wanted
std::vector<Forecast> forecast(const Question& question, const std::vector<Place>& places,
                               const std::vector<std::uint64_t>& iterations);

/// Adds E f = sum lambda_i (Var x_i + (E x_i)^2) / 2 of a quadratic with diagonal H to moments that have means and
/// variances, with the margin that theirs imply.
PredictedMoments with_loss(const Problem& problem, PredictedMoments moments);

}  // namespace sdelens
