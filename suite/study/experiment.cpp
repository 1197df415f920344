#include "suite/study/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

#include "reference/papers/statements.hpp"

namespace sdelens {
namespace {

const std::vector<std::string> tier_names{"smoke", "standard", "paper"};

}  // namespace

std::string to_string(Tier tier) { return tier_names[static_cast<std::size_t>(tier)]; }

Tier tier_from(const std::string& text) {
  const auto found = std::ranges::find(tier_names, text);
  if (found == tier_names.end()) throw UnknownName("tier", text, tier_names);
  return static_cast<Tier>(found - tier_names.begin());
}

Settings::Settings(const std::string& experiment, const std::vector<SettingSpecification>& specification,
                   const Parameters& changes) {
  for (const SettingSpecification& entry : specification) {
    Setting setting{.name = entry.name, .value = entry.value, .printed = entry.printed, .note = entry.note};
    if (const auto change = changes.find(entry.name); change != changes.end()) {
      if (change->second.size() != entry.value.size()) {
        throw InvalidParameter(
            experiment, entry.name,
            fmt::format("has {} values, but must have {}", change->second.size(), entry.value.size()));
      }
      setting.value = change->second;
      setting.overridden = true;
    }
    for (const double value : setting.value) require_in(entry.range, experiment, entry.name, value);
    settings_.push_back(std::move(setting));
  }
}

const std::vector<double>& Settings::list(const std::string& name) const {
  const auto found = std::ranges::find(settings_, name, &Setting::name);
  if (found == settings_.end()) throw std::logic_error("the experiment declares no setting '" + name + "'");
  return found->value;
}

double Settings::scalar(const std::string& name) const { return list(name).front(); }

Point Settings::point(const std::string& name) const {
  const std::vector<double>& values = list(name);
  return Eigen::Map<const Point>(values.data(), static_cast<Index>(values.size()));
}

std::uint64_t Settings::count(const std::string& name) const {
  const double value = scalar(name);
  constexpr double most = 0x1p53;  // Beyond it doubles leave whole numbers out.
  if (value != std::floor(value) || value < 1.0 || value > most) {
    throw InvalidParameter("settings", name,
                           fmt::format("is {}, but must be a whole number from 1 to 2^53", value));
  }
  return static_cast<std::uint64_t>(value);
}

Simulations::Simulations(std::string experiment, Tier tier, std::uint64_t seed, NormalBits normal_bits)
    : experiment_(std::move(experiment)), tier_(tier), seed_(seed), normal_bits_(normal_bits) {}

Stream Simulations::stream(const std::string& purpose) const {
  return {seed_, experiment_ + "/" + purpose, normal_bits_};
}

std::shared_ptr<const Ensemble> Simulations::add(std::string name, std::shared_ptr<const Process> process,
                                                 std::vector<Observable> observables, Recording recording,
                                                 std::uint64_t paper_runs, double outside_limit) {
  constexpr std::uint64_t fewest_smoke_runs = 256;
  std::uint64_t replicas = paper_runs;
  if (tier_ == Tier::smoke) replicas = std::min(paper_runs, std::max(fewest_smoke_runs, paper_runs / 8));
  if (tier_ == Tier::paper) replicas = 4 * paper_runs;
  orders_.push_back({std::make_shared<Ensemble>(std::move(name), std::move(process), std::move(observables),
                                                std::move(recording)),
                     replicas, 64 * paper_runs, outside_limit});
  return orders_.back().ensemble;
}

Simulated Simulations::order(std::string name, std::shared_ptr<const Process> process, const Problem& problem,
                             Ordered what) {
  if (what.observables.empty()) what.observables = coordinates_and_loss(problem.loss);
  return Simulated(add(std::move(name), std::move(process), std::move(what.observables),
                       std::move(what.recording), what.runs, what.outside_limit));
}

Simulated Simulations::optimizer(std::string name, const Problem& problem, Ordered what) {
  auto process = iterates(problem, stream(what.stream.empty() ? name : what.stream));
  return order(std::move(name), std::move(process), problem, std::move(what));
}

Simulated Simulations::sde(std::string name, const Problem& problem, const SdeChoice& sde, Ordered what) {
  auto process = paths(problem, sde, stream(what.stream.empty() ? name : what.stream));
  return order(std::move(name), std::move(process), problem, std::move(what));
}

Simulated Simulations::coupled(std::string name, const Problem& problem, const SdeChoice& sde, Ordered what) {
  auto process = sdelens::coupled(problem, sde, stream(what.stream.empty() ? name : what.stream));
  return order(std::move(name), std::move(process), problem, std::move(what));
}

std::shared_ptr<const Ensemble> Simulations::add_deterministic(std::string name,
                                                               std::shared_ptr<const Process> process,
                                                               std::vector<Observable> observables,
                                                               Recording recording) {
  orders_.push_back({std::make_shared<Ensemble>(std::move(name), std::move(process), std::move(observables),
                                                std::move(recording)),
                     1, 1, 0.0});
  return orders_.back().ensemble;
}

ClaimBuilder Findings::claim(std::string id) {
  expect({.claim = {.id = std::move(id)}, .comparisons = {}});
  return ClaimBuilder(expectations_.back());
}

void Findings::expect(Expectation expectation) {
  const std::string& id = expectation.claim.id;
  const bool repeated =
      std::ranges::any_of(expectations_, [&](const Expectation& other) { return other.claim.id == id; });
  if (repeated) throw std::logic_error("two claims of one experiment are called '" + id + "'");
  expectations_.push_back(std::move(expectation));
}

std::size_t MostClaims::of(ErrorFamily family) const {
  return family == ErrorFamily::few_runs ? few_runs : replicas;
}

std::string Experiment::fault() const {
  try {
    for (const std::string& number : lemmas) papers::statement(number);
  } catch (const UnknownName& unknown) {
    return unknown.what();
  }
  return {};
}

FigureBuilder Findings::figure(std::string id, std::string title) {
  show({.id = std::move(id), .title = std::move(title), .x = {.label = "iteration k"}});
  return FigureBuilder(figures_.back());
}

void Findings::show(Figure figure) { figures_.push_back(std::move(figure)); }

}  // namespace sdelens
