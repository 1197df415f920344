#include "suite/predictions/prediction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reference/papers/statements.hpp"
#include "suite/predictions/needs.hpp"
#include "suite/predictions/relaxation.hpp"

namespace sdelens {
namespace {

/// A sum of predicted numbers divided by their count; without a margin if one of them has none.
class Average {
 public:
  void add(const Predicted& entry) {
    sum_ += entry.value;
    margins_ += entry.margin.value_or(0.0);
    known_ = known_ && entry.margin.has_value();
    count_ += 1.0;
  }
  Predicted value() const {
    return {sum_ / count_, known_ ? std::optional(margins_ / count_) : std::nullopt};
  }

 private:
  double sum_ = 0.0, margins_ = 0.0, count_ = 0.0;
  bool known_ = true;
};

/// The law at a random iteration of a place.
PredictedMoments mixture(const std::vector<const PredictedMoments*>& parts) {
  const PredictedMoments& first = *parts.front();
  PredictedMoments result;
  for (std::size_t i = 0; i < first.mean.size(); ++i) {
    Average mean;
    for (const PredictedMoments* part : parts) mean.add(part->mean[i]);
    result.mean.push_back(mean.value());
  }
  for (std::size_t i = 0; i < first.variance.size(); ++i) {
    Average variance;
    for (const PredictedMoments* part : parts) {
      const Predicted& mean = part->mean[i];
      const double distance = mean.value - result.mean[i].value;
      Predicted square = part->variance[i];
      square.value += distance * distance;
      // With a shift of the means the margin of the mixture is known for exact values only.
      if (parts.size() > 1 && square.margin && mean.margin != 0.0) square.margin.reset();
      variance.add(square);
    }
    result.variance.push_back(variance.value());
  }
  if (first.loss) {
    Average loss;
    for (const PredictedMoments* part : parts) loss.add(*part->loss);
    result.loss = loss.value();
  }
  return result;
}

bool finite(const PredictedMoments& moments) {
  const auto is_finite = [](const Predicted& entry) { return std::isfinite(entry.value); };
  return std::ranges::all_of(moments.mean, is_finite) && std::ranges::all_of(moments.variance, is_finite) &&
         (!moments.loss || is_finite(*moments.loss));
}

Forecast ask(const PredictionEntry& entry, const Question& question, const std::vector<Place>& places,
             const std::vector<std::uint64_t>& iterations) {
  Forecast result{.entry = &entry};
  // The first need names optimizers or SDEs; what others ask of the problem may take its matrices.
  if (!entry.needs.empty()) result.objection = entry.needs.front()(question);
  if (!result.objection) result.objection = needs::few_coordinates(question);
  if (!result.objection) result.objection = first_objection(question, entry.needs);
  if (!result.objection) result.objection = first_objection(question, entry.range);
  if (result.objection) return result;
  const Objection curve_objection = entry.curve ? first_objection(question, entry.curve_range) : std::nullopt;
  if (entry.curve && !curve_objection) {
    std::vector<std::uint64_t> all = iterations;
    for (const Place& place : places) all.insert(all.end(), place.iterations.begin(), place.iterations.end());
    std::ranges::sort(all);
    all.erase(std::unique(all.begin(), all.end()), all.end());
    const Curve curve = entry.curve(question);
    std::vector<PredictedMoments> values;
    for (const std::uint64_t iteration : all) {
      values.push_back(curve(iteration));
      if (finite(values.back())) continue;
      result.objection = fmt::format("overflows at k = {}: the optimizer diverges", iteration);
      return result;
    }
    const auto value_at = [&](std::uint64_t iteration) {
      return &values[static_cast<std::size_t>(std::ranges::lower_bound(all, iteration) - all.begin())];
    };
    for (const std::uint64_t iteration : iterations) result.curve.push_back(*value_at(iteration));
    for (const Place& place : places) {
      std::vector<const PredictedMoments*> parts;
      for (const std::uint64_t iteration : place.iterations) parts.push_back(value_at(iteration));
      result.places.push_back({.moments = mixture(parts)});
    }
    return result;
  }
  if (!entry.limit) {
    result.objection = curve_objection;
    return result;
  }
  for (const Place& place : places) {
    Forecast::AtPlace at{.objection = unsettled(question, place.iterations.front()), .limit = true};
    if (!at.objection) at.moments = entry.limit(question, place);
    if (at.objection && curve_objection) at.objection = *curve_objection + "; " + *at.objection;
    result.places.push_back(std::move(at));
  }
  const bool nowhere = std::ranges::all_of(
      result.places, [](const Forecast::AtPlace& at) { return at.objection.has_value(); });
  if (nowhere) {
    result.objection = result.places.front().objection;
    result.places.clear();
  }
  return result;
}

}  // namespace

Register<PredictionEntry>::Register(PredictionEntry entry, Site site) {
  add(Registry<PredictionEntry>::instance(), std::move(entry), site);
}

void Register<PredictionEntry>::add(Registry<PredictionEntry>& registry, PredictionEntry entry, Site site) {
  if (!entry.of) return registry.add(std::move(entry), site);
  const auto same = std::ranges::find(registry.entries_, entry.of, &PredictionEntry::of);
  if (same != registry.entries_.end() && same->name != entry.name) {
    const Site first = registry.sites_[static_cast<std::size_t>(same - registry.entries_.begin())];
    registry.conflict_ =
        fmt::format("two predictions of statement {}: '{}' at {}:{} and '{}' at {}:{}", entry.of->text(),
                    same->name, first.file, first.line, entry.name, site.file, site.line);
    return;
  }
  if (entry.fault().empty()) {
    entry.label = statement_label(*entry.of);
    entry.source = statement_source(entry.of->number, entry.of->wording);
    entry.wording = entry.of->wording;
  }
  registry.add(std::move(entry), site);
}

std::string PredictionEntry::fault() const {
  try {
    if (of) papers::statement(of->number);
  } catch (const UnknownName& unknown) {
    return unknown.what();
  }
  return {};
}

Objection first_objection(const Question& question, const std::vector<Need>& needs) {
  for (const Need& need : needs) {
    if (Objection objection = need(question)) return objection;
  }
  return std::nullopt;
}

std::vector<Forecast> forecast(const Question& question, const std::vector<Place>& places,
                               const std::vector<std::uint64_t>& iterations) {
  std::vector<const PredictionEntry*> entries;
  for (const PredictionEntry& entry : Registry<PredictionEntry>::all().entries()) entries.push_back(&entry);
  std::ranges::stable_sort(
      entries, {}, [](const PredictionEntry* entry) { return std::pair(entry->wording, entry->closure); });
  std::vector<Forecast> result;
  for (const PredictionEntry* entry : entries) result.push_back(ask(*entry, question, places, iterations));
  return result;
}

PredictedMoments with_loss(const Problem& problem, PredictedMoments moments) {
  const Eigen::VectorXd curvatures = problem.curvatures();
  Predicted loss{.value = 0.0, .margin = 0.0};
  for (std::size_t i = 0; i < moments.mean.size(); ++i) {
    const double curvature = curvatures(static_cast<Index>(i));
    const Predicted& mean = moments.mean[i];
    const Predicted& variance = moments.variance[i];
    loss.value += 0.5 * curvature * (variance.value + mean.value * mean.value);
    if (loss.margin && variance.margin && mean.margin) {
      *loss.margin +=
          0.5 * std::abs(curvature) * (*variance.margin + 2.0 * std::abs(mean.value) * *mean.margin);
    } else {
      loss.margin.reset();
    }
  }
  moments.loss = loss;
  return moments;
}

}  // namespace sdelens
