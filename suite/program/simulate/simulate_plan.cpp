#include "suite/program/simulate/simulate_plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <thread>

#include "sdelens/ensemble/process.hpp"
#include "sdelens/model/sde.hpp"
#include "suite/program/describe.hpp"
#include "suite/study/ingredients.hpp"

namespace sdelens {
namespace {

constexpr const char* owner = "simulate";
constexpr std::uint64_t most_steps = 1'000'000'000;

template <class T>
const T& given(const std::optional<T>& value, const char* option, const char* example) {
  if (value) return *value;
  throw std::invalid_argument(
      fmt::format("{}: {} is missing, for example {} {}", owner, option, option, example));
}

std::vector<std::string> names_of(const std::vector<ParameterDescription>& descriptions) {
  std::vector<std::string> result;
  for (const ParameterDescription& description : descriptions) result.push_back(description.name);
  return result;
}

/// The registered entry of a specification with all its parameters.
template <class Entry, class Make>
Choice choose(const Specification& specification, const Entry& entry, const Make& make,
              const Parameters& example) {
  const std::vector<ParameterDescription> known = describe_parameters(make, example);
  // Before the entry reads: it would miss the parameter that was meant, and not say which was misspelt.
  for (const auto& [name, values] : specification.parameters) {
    const std::vector<std::string> names = names_of(known);
    if (std::ranges::find(names, name) == names.end())
      throw UnknownName("parameter of " + entry.name, name, names);
  }
  const Parameters parameters = parameters_of(specification, known);
  return {.name = entry.name, .given = parameters, .parameters = with_defaults(make, parameters)};
}

/// The registered entry of a landscape or of a gradient source.
template <class Entry>
Choice choose_named(const Specification& specification) {
  const Entry& entry = Registry<Entry>::all().at(specification.name);
  return choose(
      specification, entry, [&](const Parameters& p) { entry.make(p); }, entry.example);
}

/// Landscape and noise, or a source that draws its own gradients.
void choose_gradient(const Specification& landscape, const std::optional<Specification>& noise,
                     Problem& problem) {
  if (is_gradient_source(landscape.name)) {
    if (noise) {
      throw std::invalid_argument(fmt::format("{}: --noise {} cannot be given: {} draws its own gradients",
                                              owner, noise->name, landscape.name));
    }
    problem.landscape = choose_named<GradientSourceEntry>(landscape);
    return make_gradient(problem);
  }
  const Specification& law = given(noise, "--noise", "gaussian:0.5");
  const std::vector<std::string> names = landscape_names();
  if (!std::ranges::binary_search(names, landscape.name))
    throw UnknownName(LandscapeEntry::kind(), landscape.name, names);
  const GradientNoiseEntry& noise_entry = Registry<GradientNoiseEntry>::all().at(law.name);
  problem.landscape = choose_named<LandscapeEntry>(landscape);
  problem.loss = make_landscape(landscape.name, problem.landscape.given);
  problem.noise = choose(
      law, noise_entry, [&](const Parameters& p) { noise_entry.make(problem.loss->dimension(), p); },
      noise_entry.example);
  make_gradient(problem);
}

std::uint64_t count_in(const std::optional<std::uint64_t>& value, std::uint64_t fallback, const char* name,
                       std::uint64_t low, std::uint64_t high) {
  const std::uint64_t result = value.value_or(fallback);
  require_in({.low = static_cast<double>(low),
              .high = static_cast<double>(high),
              .low_included = true,
              .high_included = true},
             owner, name, static_cast<double>(result));
  return result;
}

Point start_of(const SimulateOptions& options, Index dimension) {
  const std::vector<double> x0 = options.x0.value_or(std::vector{0.1});
  if (x0.size() != 1 && static_cast<Index>(x0.size()) != dimension) {
    throw InvalidParameter(owner, "x0",
                           fmt::format("has {} entries, but must have 1 or {}", x0.size(), dimension));
  }
  Point start(dimension);
  for (Index i = 0; i < dimension; ++i) {
    start(i) = require_finite(owner, "x0", x0[x0.size() == 1 ? 0 : static_cast<std::size_t>(i)]);
  }
  return start;
}

/// "ours", "corrected" and "malladi" stand for the SDEs of the optimizer; any other text is a name.
std::string sde_name(const std::string& asked, const std::string& optimizer) {
  std::string name = asked;
  if (asked == "ours") name = optimizer;
  if (asked == "corrected") name = optimizer + "-corrected";
  if (asked == "malladi") name = optimizer + "-malladi";
  const std::vector<std::string> names = Registry<SdeEntry>::all().names();
  if (std::ranges::find(names, name) != names.end()) return name;
  if (name == asked) throw UnknownName("SDE", name, names);
  throw std::invalid_argument(fmt::format("--sde {}: there is no SDE '{}'; the registered ones are {}", asked,
                                          name, fmt::join(names, ", ")));
}

Parameters those_of(const Parameters& all, const std::vector<std::string>& names) {
  Parameters result;
  for (const auto& [name, value] : all) {
    if (std::ranges::find(names, name) != names.end()) result[name] = value;
  }
  return result;
}

/// An odd stride: SignSGD alternates between two sets of points, and both must be met.
Window window_of(std::uint64_t steps, double fraction) {
  const auto length = std::clamp<std::uint64_t>(
      static_cast<std::uint64_t>(std::floor(fraction * static_cast<double>(steps))), 1, steps);
  const std::uint64_t every = std::max<std::uint64_t>(1, length / 500) | 1U;
  return {.name = simulate_window, .first = steps - length + 1, .last = steps, .every = every};
}

std::vector<std::uint64_t> iterations_of(const Window& window) {
  std::vector<std::uint64_t> result;
  for (std::uint64_t k = window.first; k <= window.last; k += window.every) result.push_back(k);
  return result;
}

std::vector<Observable> observables_of(const std::shared_ptr<const Landscape>& landscape) {
  std::vector<Observable> result = coordinates_and_loss(landscape);
  for (Index i = 0; i < landscape->dimension(); ++i) {
    result.push_back(
        {.name = square_name(i), .evaluate = [i](In x, OutColumn value) { value = x.col(i).square(); }});
  }
  return result;
}

std::string text_of(const Choice& choice) {
  std::vector<std::string> items;
  for (const auto& [name, values] : choice.given) {
    items.push_back(fmt::format("{}={}", name, fmt::join(values, "/")));
  }
  return items.empty() ? choice.name : fmt::format("{}:{}", choice.name, fmt::join(items, ","));
}

void add_settings(std::vector<Setting>& settings, const std::string& of, const Choice& choice) {
  for (const auto& [name, values] : choice.parameters) {
    settings.push_back({.name = name, .value = values, .note = fmt::format("of the {} {}", of, choice.name)});
  }
}

std::vector<Setting> settings_of(const SimulatePlan& plan, const Window& window) {
  const Question& problem = plan.problem;
  std::vector<Setting> settings{
      {.name = "eta", .value = {problem.learning_rate}, .note = "learning rate η"},
      {.name = "x0", .value = {problem.start.begin(), problem.start.end()}, .note = "start"},
      {.name = "runs", .value = {static_cast<double>(plan.replicas)}, .note = "replicas"},
      {.name = "steps", .value = {static_cast<double>(problem.iterations)}, .note = "iterations"},
      {.name = "window",
       .value = {static_cast<double>(window.first), static_cast<double>(window.last),
                 static_cast<double>(window.every)},
       .note = "first and last iteration of the window, and its stride"}};
  add_settings(settings, "optimizer", problem.optimizer);
  add_settings(settings, "landscape", problem.landscape);
  if (!problem.noise.name.empty()) add_settings(settings, "noise", problem.noise);
  add_settings(settings, "schedule", problem.schedule);
  if (problem.sde) {
    add_settings(settings, "SDE", problem.sde->sde);
    settings.push_back({.name = "sde-steps",
                        .value = {static_cast<double>(problem.sde->steps_per_iteration)},
                        .note = fmt::format("steps of {} per iteration", problem.sde->integrator)});
  }
  return settings;
}

std::string command_of(const SimulatePlan& plan, double fraction) {
  const Question& problem = plan.problem;
  std::string result = fmt::format("sdelens simulate --optimizer {} --landscape {}", problem.optimizer.name,
                                   text_of(problem.landscape));
  if (!problem.noise.name.empty()) result += " --noise " + text_of(problem.noise);
  result += fmt::format(" --set eta={}", problem.learning_rate);
  Parameters set = problem.optimizer.given;
  if (problem.sde) set.insert(problem.sde->sde.given.begin(), problem.sde->sde.given.end());
  for (const auto& [name, values] : set) result += fmt::format(" --set {}={}", name, fmt::join(values, ","));
  if (problem.schedule.name != "constant") result += " --schedule " + text_of(problem.schedule);
  result += fmt::format(" --x0={}", fmt::join(problem.start, ","));
  if (problem.sde) {
    result += fmt::format(" --sde {} --integrator {} --sde-steps {}", problem.sde->sde.name,
                          problem.sde->integrator, problem.sde->steps_per_iteration);
  }
  result += fmt::format(" --runs {} --steps {} --window {} --seed {}", plan.replicas, problem.iterations,
                        fraction, plan.seed);
  if (plan.normal_bits != NormalBits::shared) result += " --normals " + to_string(plan.normal_bits);
  return result;
}

/// The optimizer, and the SDE beside it if one is asked for; both read from --set.
void choose_optimizer_and_sde(const SimulateOptions& options, Question& problem) {
  const OptimizerEntry& optimizer =
      Registry<OptimizerEntry>::all().at(given(options.optimizer, "--optimizer", "adamw"));
  const auto make_of_optimizer = [&](const Parameters& p) { optimizer.make(p); };
  const auto for_optimizer = names_of(describe_parameters(make_of_optimizer, optimizer.known.parameters));
  const auto eta = options.set.find("eta");
  const Parameters rate = eta == options.set.end() ? Parameters{} : Parameters{*eta};
  problem.learning_rate = ParameterReader(owner, rate).scalar("eta", Range::positive(), 1e-3);

  const std::string asked_sde = options.sde.value_or("none");
  const SdeEntry* sde = nullptr;
  const SdeContext context = problem.context();
  std::vector<std::string> for_sde;
  const auto make_of_sde = [&](const Parameters& p) { make_sde(sde->name, context, p); };
  if (asked_sde != "none") {
    sde = &Registry<SdeEntry>::all().at(sde_name(asked_sde, optimizer.name));
    for_sde = names_of(describe_parameters(make_of_sde, sde->example));
  } else if (options.integrator || options.sde_steps) {
    throw std::invalid_argument(
        fmt::format("{}: --integrator and --sde-steps need an --sde, for example --sde ours", owner));
  }

  std::set<std::string> known{"eta"};
  known.insert(for_optimizer.begin(), for_optimizer.end());
  known.insert(for_sde.begin(), for_sde.end());
  for (const auto& [name, value] : options.set) {
    if (!known.contains(name)) {
      throw UnknownName("parameter for --set", name, std::vector<std::string>(known.begin(), known.end()));
    }
  }
  const Parameters optimizer_given = those_of(options.set, for_optimizer);
  problem.optimizer = {.name = optimizer.name,
                       .given = optimizer_given,
                       .parameters = with_defaults(make_of_optimizer, optimizer_given)};
  problem.rule = make_optimizer(problem.optimizer.name, problem.optimizer.given);
  if (sde == nullptr) return;
  const Parameters sde_given = those_of(options.set, for_sde);
  problem.sde = SdeChoice{
      .sde = {.name = sde->name, .given = sde_given, .parameters = with_defaults(make_of_sde, sde_given)},
      .integrator = options.integrator.value_or("weak-order-2"),
      .steps_per_iteration = count_in(options.sde_steps, 4, "sde-steps", 1, 10000)};
}

void add_ensembles(SimulatePlan& plan, const Window& window) {
  const Question& problem = plan.problem;
  plan.optimizer = std::make_shared<Ensemble>(
      problem.optimizer.name, iterates(problem, Stream(plan.seed, "simulate/optimizer", plan.normal_bits)),
      observables_of(problem.loss), Recording{.steps = plan.recorded, .windows = {window}});
  if (!problem.sde) return;
  const std::uint64_t fine = problem.sde->steps_per_iteration;
  const Window fine_window{.name = simulate_window,
                           .first = window.first * fine,
                           .last = window.last * fine,
                           .every = window.every * fine};
  plan.sde = std::make_shared<Ensemble>(
      "SDE " + problem.sde->sde.name,
      paths(problem, *problem.sde, Stream(plan.seed, "simulate/SDE", plan.normal_bits)),
      observables_of(problem.loss),
      Recording{.steps = scaled(plan.recorded, fine), .windows = {fine_window}});
}

}  // namespace

std::string coordinate_name(Index i) { return fmt::format("x{}", i + 1); }

std::string square_name(Index i) { return fmt::format("x{}^2", i + 1); }

SimulatePlan plan_simulation(const SimulateOptions& options) {
  SimulatePlan plan{};
  Question& problem = plan.problem;
  choose_gradient(given(options.landscape, "--landscape", "quadratic:1,3"), options.noise, problem);
  problem.schedule =
      choose_named<ScheduleEntry>(options.schedule.value_or(Specification{.name = "constant"}));
  problem.rate_schedule = make_schedule(problem.schedule.name, problem.schedule.given);
  problem.start = start_of(options, problem.source->dimension());
  problem.iterations = count_in(options.steps, 10000, "steps", 1, most_steps);
  plan.replicas = count_in(options.runs, 1000, "runs", static_cast<std::uint64_t>(replica_range().low),
                           static_cast<std::uint64_t>(replica_range().high));
  plan.seed = options.seed.value_or(1);
  plan.normal_bits = normal_bits_from(options.normals.value_or("shared"));
  plan.threads = static_cast<int>(
      count_in(options.threads, std::max(1U, std::thread::hardware_concurrency()), "threads", 1, 4096));
  plan.out = options.out.value_or("reports/simulate");
  const double fraction = require_in({.low = 0.0, .high = 1.0, .high_included = true}, owner, "window",
                                     options.window.value_or(0.5));
  choose_optimizer_and_sde(options, problem);

  const Window window = window_of(problem.iterations, fraction);
  plan.places = {{.name = "end", .iterations = {problem.iterations}},
                 {.name = "window", .iterations = iterations_of(window)}};
  const auto observables = static_cast<std::uint64_t>(2 * problem.dimension() + 1);
  plan.recorded = even_steps(problem.iterations, std::clamp<std::uint64_t>(20000 / observables, 2, 100));
  add_ensembles(plan, window);
  plan.settings = settings_of(plan, window);
  plan.command = command_of(plan, fraction);
  return plan;
}

}  // namespace sdelens
