#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "suite/predictions/margin.hpp"
#include "suite/predictions/prediction.hpp"

namespace sdelens {

/// A predicted number for each iteration that an experiment compares at.
using PredictedCurve = std::function<Prediction(double iteration)>;

/// What of the iterates is predicted.
struct Quantity {
  enum class Kind { mean, variance, loss };
  Kind kind;
  Index coordinate = 0;
  /// "E x1", "Var x2", "E f"
  std::string text() const;
  /// @throw std::logic_error if the moments do not have it
  Predicted of(const PredictedMoments& moments) const;
};

/// Where a number of a registered prediction comes from.
class AskedOrigin final : public PredictionOrigin {
 public:
  AskedOrigin(const PredictionEntry& asked, std::shared_ptr<const Question> question, Quantity quantity,
              std::optional<std::uint64_t> iteration)
      : asked_(&asked), question_(std::move(question)), quantity_(quantity), iteration_(iteration) {}

  std::string entry() const override { return asked_->name; }
  std::string quantity() const override;
  const Question& question() const { return *question_; }
  /// The same quantity of another entry, or about another problem.
  /// @throw std::logic_error if that entry objects to the question
  Prediction again(const PredictionEntry& entry, const Question& question) const;

 private:
  const PredictionEntry* asked_;
  std::shared_ptr<const Question> question_;
  Quantity quantity_;
  std::optional<std::uint64_t> iteration_;
};

/// A registered prediction asked about one problem, also beyond its range: whether it is true there is for the claim to
/// say. The numbers remember entry, problem and quantity.
class Asked {
 public:
  /// @throw UnknownName for the entry. The functions below throw std::logic_error with the objection if a need of it is
  ///        not met
  Asked(std::string_view entry, Question question);
  Asked(std::string_view entry, const Problem& problem) : Asked(entry, Question{problem}) {}

  /// In the long run.
  Prediction mean(Index i) const { return limit({Quantity::Kind::mean, i}); }
  Prediction variance(Index i) const { return limit({Quantity::Kind::variance, i}); }
  Prediction loss() const { return limit({Quantity::Kind::loss}); }

  /// Along the iterations; each is a whole number.
  PredictedCurve mean_curve(Index i) const { return curve({Quantity::Kind::mean, i}); }
  PredictedCurve variance_curve(Index i) const { return curve({Quantity::Kind::variance, i}); }
  PredictedCurve loss_curve() const { return curve({Quantity::Kind::loss}); }

 private:
  Prediction limit(Quantity quantity) const;
  PredictedCurve curve(Quantity quantity) const;

  class Moments;

  const PredictionEntry* entry_;
  std::shared_ptr<const Question> question_;
  std::shared_ptr<Moments> moments_;  ///< of all its curves
};

/// The prediction with an error of its own.
Prediction with_error(Prediction prediction, double error);

}  // namespace sdelens
