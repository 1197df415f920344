#include "suite/program/list_models.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>

#include "sdelens/model/gradient_source.hpp"
#include "sdelens/model/optimizer.hpp"
#include "sdelens/model/schedule.hpp"
#include "sdelens/model/sde.hpp"
#include "suite/program/describe.hpp"
#include "suite/program/text_layout.hpp"

namespace sdelens {
namespace {

std::string default_text(const std::optional<std::vector<double>>& fallback) {
  if (!fallback) return "";
  return fallback->empty() ? ", may be left out" : fmt::format(", {} by default", fmt::join(*fallback, ","));
}

std::string one_entry(const std::string& name, const std::string& reference,
                      const std::vector<ParameterDescription>& parameters) {
  std::string text = name + "\n" + wrapped(reference, "    ");
  for (const ParameterDescription& parameter : parameters) {
    text += fmt::format("    {:<16} {} in {}{}\n", parameter.name,
                        parameter.list ? "one or more numbers" : "a number", parameter.range.text(),
                        default_text(parameter.fallback));
  }
  return text;
}

/// A landscape and a noise that every SDE takes, to ask it for its parameters.
SdeContext plain_context() {
  auto landscape = make_landscape("quadratic", {{"curvatures", {1.0}}});
  return {.source = additive(landscape, make_noise("gaussian", 1, {{"sigma", {1.0}}})),
          .learning_rate = 0.01,
          .schedule = make_schedule("constant")};
}

/// All entries of one registry.
/// @param make  make(entry, parameters)
template <class Entry, class Make, class Example>
std::string all_of(const Make& make, const Example& example) {
  std::string text;
  for (const Entry& entry : Registry<Entry>::all().entries()) {
    text += one_entry(entry.name, entry.reference,
                      describe_parameters([&](const Parameters& p) { make(entry, p); }, example(entry)));
  }
  return text;
}

constexpr auto plain_make = [](const auto& entry, const Parameters& p) { entry.make(p); };
constexpr auto plain_example = [](const auto& entry) { return entry.example; };

}  // namespace

void add_model_flags(CLI::App& list, ListedModels& models) {
  list.add_flag("--optimizers", models.optimizers, "The optimizers with their parameters");
  list.add_flag("--landscapes", models.landscapes,
                "The landscapes, and the sources that draw their own gradients, with their parameters");
  list.add_flag("--noises", models.noises, "The laws of gradient noise with their parameters");
  list.add_flag("--schedules", models.schedules, "The learning-rate schedules with their parameters");
  list.add_flag("--sdes", models.sdes, "The SDEs with their parameters");
}

std::string text_of(const ListedModels& models) {
  std::string text;
  if (models.optimizers) {
    text += all_of<OptimizerEntry>(plain_make, [](const auto& entry) { return entry.known.parameters; });
  }
  if (models.landscapes) {
    text += all_of<LandscapeEntry>(plain_make, plain_example);
    text += all_of<GradientSourceEntry>(plain_make, plain_example);
  }
  if (models.noises) {
    text += all_of<GradientNoiseEntry>([](const auto& entry, const Parameters& p) { entry.make(1, p); },
                                       plain_example);
  }
  if (models.schedules) text += all_of<ScheduleEntry>(plain_make, plain_example);
  if (models.sdes) {
    text += all_of<SdeEntry>(
        [context = plain_context()](const auto& entry, const Parameters& p) { entry.make(context, p); },
        plain_example);
  }
  return text;
}

}  // namespace sdelens
