#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sdelens/claim/check.hpp"
#include "sdelens/core/registry.hpp"
#include "sdelens/ensemble/ensemble.hpp"
#include "sdelens/ensemble/problem_process.hpp"
#include "sdelens/record/record.hpp"
#include "suite/study/claim_builder.hpp"
#include "suite/study/figure_builder.hpp"
#include "suite/study/simulated.hpp"

namespace sdelens {

/// How much is run. smoke: starts with few replicas and draws more only where a claim is not decided;
/// standard: the papers' numbers of iterations and runs; paper: four times the runs. A larger tier extends
/// the replicas of a smaller one. Claims, margins and resolutions are the same in all.
enum class Tier { smoke, standard, paper };
std::string to_string(Tier tier);
/// @throw UnknownName
Tier tier_from(const std::string& text);

/// A setting that an experiment offers, with the values it may take.
struct SettingSpecification {
  std::string name;
  std::vector<double> value;
  Range range;
  bool printed;      ///< printed in the paper; otherwise chosen
  std::string note;  ///< meaning, unit, and why it was chosen
};

/// The settings of one run of an experiment: the specification with the user's changes.
class Settings {
 public:
  /// @throw InvalidParameter if a changed value is out of range or has another number of entries; keys that
  /// the
  ///        experiment does not have are left to the caller
  Settings(const std::string& experiment, const std::vector<SettingSpecification>& specification,
           const Parameters& changes);

  /// @throw std::logic_error if the experiment does not declare the setting
  double scalar(const std::string& name) const;
  const std::vector<double>& list(const std::string& name) const;
  Point point(const std::string& name) const;
  std::uint64_t count(const std::string& name) const;
  const std::vector<Setting>& all() const { return settings_; }

 private:
  std::vector<Setting> settings_;
};

/// How an ensemble of a problem is recorded. What is left out: the coordinates and the loss, a stream of the ensemble's
/// own name, no path outside its domain.
struct Ordered {
  Recording recording;
  std::uint64_t runs;  ///< the paper's number
  std::vector<Observable> observables{};
  std::string stream{};
  double outside_limit = 0.0;
};

/// What an experiment orders: its ensembles. They are run after the design of every selected experiment, so
/// that bad settings stop a run before it begins.
class Simulations {
 public:
  Simulations(std::string experiment, Tier tier, std::uint64_t seed,
              NormalBits normal_bits = NormalBits::shared);

  Tier tier() const { return tier_; }
  /// Streams of one experiment, seed and purpose share their draws, whatever the tier.
  Stream stream(const std::string& purpose) const;

  /// Orders the paper's number of runs at the standard tier, 4 times that at the paper tier, and at the smoke
  /// tier an eighth of it, but at least 256 where the paper has as many.
  /// Doubling ends at 64 times the paper's number, in every tier.
  /// @param outside_limit  the fraction of replicas that may leave the domain of their equation before claims
  ///                       about the ensemble are errors
  std::shared_ptr<const Ensemble> add(std::string name, std::shared_ptr<const Process> process,
                                      std::vector<Observable> observables, Recording recording,
                                      std::uint64_t paper_runs, double outside_limit = 0.0);
  /// Orders the optimizer of a problem, an SDE on it, or both on the same Brownian path (see coupled in
  /// sdelens/ensemble/problem_process.hpp), as add() does.
  Simulated optimizer(std::string name, const Problem& problem, Ordered what);
  Simulated sde(std::string name, const Problem& problem, const SdeChoice& sde, Ordered what);
  Simulated coupled(std::string name, const Problem& problem, const SdeChoice& sde, Ordered what);
  /// Orders one replica: for equations without noise.
  std::shared_ptr<const Ensemble> add_deterministic(std::string name, std::shared_ptr<const Process> process,
                                                    std::vector<Observable> observables, Recording recording);

  struct Order {
    std::shared_ptr<Ensemble> ensemble;
    std::uint64_t replicas;
    std::uint64_t most_replicas;  ///< the budget of doubling
    double outside_limit;
  };
  std::vector<Order>& orders() { return orders_; }
  const std::vector<Order>& orders() const { return orders_; }

 private:
  Simulated order(std::string name, std::shared_ptr<const Process> process, const Problem& problem,
                  Ordered what);

  std::string experiment_;
  Tier tier_;
  std::uint64_t seed_;
  NormalBits normal_bits_;
  std::vector<Order> orders_;
};

/// The only thing an experiment can write to.
class Findings {
 public:
  /// Begins a claim; the builder says the rest. With arguments the id is a format of them.
  /// @throw std::logic_error if the experiment has a claim of that id already
  ClaimBuilder claim(std::string id);
  template <class First, class... Rest>
  ClaimBuilder claim(fmt::format_string<First, Rest...> id, First&& first, Rest&&... rest) {
    return claim(fmt::format(id, std::forward<First>(first), std::forward<Rest>(rest)...));
  }
  /// A claim that is complete.
  /// @throw std::logic_error as claim()
  void expect(Expectation expectation);
  /// Begins a figure; the builder says the rest.
  FigureBuilder figure(std::string id, std::string title);
  /// A figure that is complete.
  void show(Figure figure);

  const std::deque<Expectation>& expectations() const { return expectations_; }
  const std::deque<Figure>& figures() const { return figures_; }

 private:
  std::deque<Expectation> expectations_;
  std::deque<Figure> figures_;
};

/// Compares the ensembles with the predictions. Called once for each look at the data.
using Judgement = std::function<void(Findings&)>;

/// How many claims an experiment makes at most, by error family.
struct MostClaims {
  std::size_t replicas = 32;
  std::size_t few_runs = 0;
  std::size_t of(ErrorFamily family) const;
};

/// One registered experiment: a figure's panel, a lemma. It cannot print, plot or write files.
struct Experiment {
  std::string name;  ///< its id: "fig6-sgd"
  std::string title;
  std::string summary;
  Source source;
  /// Numbers of the lemmas, theorems and corollaries that its claims decide: "3.7". Each of them is decided by a
  /// claim, and no claim decides another.
  std::vector<std::string> lemmas{};
  /// Known before it is run, so that a run with more claims than share the error rates stops before it simulates; an
  /// experiment that makes more is an error.
  MostClaims most_claims{};
  std::vector<SettingSpecification> settings;
  std::function<Judgement(const Settings&, Simulations&)> design;
  /// A number among `lemmas` that the paper does not have, with the nearest; empty if there is none.
  std::string fault() const;
  static constexpr const char* kind() { return "experiment"; }
};

}  // namespace sdelens
