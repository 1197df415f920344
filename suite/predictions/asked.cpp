#include "suite/predictions/asked.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <stdexcept>

namespace sdelens {
namespace {

[[noreturn]] void refuse(const PredictionEntry& entry, const std::string& why) {
  throw std::logic_error(fmt::format("the prediction '{}' {}", entry.name, why));
}

void require_applies(const PredictionEntry& entry, const Question& question, bool along) {
  if (const Objection objection = first_objection(question, entry.needs)) refuse(entry, *objection);
  if (!along && !entry.limit) refuse(entry, "has no limit for k -> infinity");
  if (along && !entry.curve) refuse(entry, "has no curve");
}

const Predicted& entry_of(const std::vector<Predicted>& list, Index i) {
  if (static_cast<std::size_t>(i) >= list.size())
    throw std::logic_error("this prediction is of no such moment");
  return list[static_cast<std::size_t>(i)];
}

}  // namespace

/// The moments at iterations in any order, by a curve that only goes forward. Each iteration is calculated once.
class Asked::Moments {
 public:
  Moments(const PredictionEntry& entry, std::shared_ptr<const Question> question)
      : entry_(&entry), question_(std::move(question)) {}

  const PredictedMoments& at(std::uint64_t iteration) {
    const auto known = known_.find(iteration);
    if (known != known_.end()) return known->second;
    if (!curve_ || iteration < last_) curve_ = entry_->curve(*question_);
    last_ = iteration;
    return known_.emplace(iteration, curve_(iteration)).first->second;
  }

 private:
  const PredictionEntry* entry_;
  std::shared_ptr<const Question> question_;
  Curve curve_{};
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, PredictedMoments> known_;
};

std::string Quantity::text() const {
  if (kind == Kind::loss) return "E f";
  return fmt::format("{} x{}", kind == Kind::mean ? "E" : "Var", coordinate + 1);
}

Predicted Quantity::of(const PredictedMoments& moments) const {
  if (kind == Kind::mean) return entry_of(moments.mean, coordinate);
  if (kind == Kind::variance) return entry_of(moments.variance, coordinate);
  if (!moments.loss) throw std::logic_error("this prediction is of no loss");
  return *moments.loss;
}

std::string AskedOrigin::quantity() const {
  return iteration_ ? fmt::format("{} at k = {}", quantity_.text(), *iteration_) : quantity_.text();
}

Prediction AskedOrigin::again(const PredictionEntry& entry, const Question& question) const {
  const Asked asked(entry.name, question);
  const bool along = iteration_.has_value();
  const auto at = static_cast<double>(iteration_.value_or(0));
  switch (quantity_.kind) {
    case Quantity::Kind::mean:
      return along ? asked.mean_curve(quantity_.coordinate)(at) : asked.mean(quantity_.coordinate);
    case Quantity::Kind::variance:
      return along ? asked.variance_curve(quantity_.coordinate)(at) : asked.variance(quantity_.coordinate);
    case Quantity::Kind::loss:
      return along ? asked.loss_curve()(at) : asked.loss();
  }
  throw std::logic_error("no such quantity");
}

Asked::Asked(std::string_view entry, Question question)
    : entry_(&Registry<PredictionEntry>::all().at(entry)),
      question_(std::make_shared<const Question>(std::move(question))),
      moments_(std::make_shared<Moments>(*entry_, question_)) {}

Prediction Asked::limit(Quantity quantity) const {
  require_applies(*entry_, *question_, false);
  const PredictedMoments moments = entry_->limit(*question_, {.name = "limit", .iterations = {}});
  return {.value = quantity.of(moments).value,
          .origin = std::make_shared<AskedOrigin>(*entry_, question_, quantity, std::nullopt)};
}

PredictedCurve Asked::curve(Quantity quantity) const {
  require_applies(*entry_, *question_, true);
  return
      [entry = entry_, question = question_, quantity, moments = moments_](double iteration) -> Prediction {
        if (iteration != std::floor(iteration) || iteration < 0.0)
          refuse(*entry, fmt::format("is asked at k = {}, which is no whole number", iteration));
        const auto k = static_cast<std::uint64_t>(iteration);
        return {.value = quantity.of(moments->at(k)).value,
                .origin = std::make_shared<AskedOrigin>(*entry, question, quantity, k)};
      };
}

Prediction with_error(Prediction prediction, double error) {
  prediction.error = error;
  return prediction;
}

}  // namespace sdelens
