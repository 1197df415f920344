#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>

#include "reports/exit_code.hpp"
#include "sdelens/ensemble/work_queue.hpp"
#include "sdelens/record/run_folder.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/command.hpp"
#include "suite/program/interrupt.hpp"
#include "suite/program/progress.hpp"
#include "suite/program/publish.hpp"
#include "suite/program/run_folder.hpp"
#include "suite/program/runner.hpp"
#include "suite/program/select.hpp"
#include "suite/program/simulated_record.hpp"
#include "suite/program/whole_number.hpp"

namespace sdelens {
namespace {

struct RunArguments {
  std::vector<std::string> ids;
  std::string filter;
  std::string tier = "standard", normals = "shared";
  std::uint64_t seed = 1;
  int threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  std::filesystem::path out;
  std::vector<std::string> changes;
  std::string progress = "auto";
};

/// What a user types to get the records of these experiments again.
std::string reproducing_command(const std::vector<std::string>& ids, const RunArguments& arguments) {
  std::string result = fmt::format("sdelens run {}{}--tier {} --seed {}", fmt::join(ids, " "),
                                   ids.empty() ? "" : " ", arguments.tier, arguments.seed);
  if (arguments.normals != "shared") result += " --normals " + arguments.normals;
  for (const std::string& change : arguments.changes) result += " --set " + change;
  return result;
}

/// @throw UnknownName if a change names a setting that no selected experiment has
void require_known(const Parameters& changes, const std::vector<const Experiment*>& selected) {
  std::vector<std::string> names;
  for (const Experiment* experiment : selected) {
    for (const SettingSpecification& setting : experiment->settings) names.push_back(setting.name);
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  for (const auto& [name, value] : changes) {
    if (!std::ranges::binary_search(names, name)) throw UnknownName("setting", name, names);
  }
}

/// Where a run goes that was not told: a whole one, of which the other commands speak, has a place of its own.
std::filesystem::path default_folder(const std::vector<const Experiment*>& selected,
                                     const RunArguments& arguments) {
  const std::filesystem::path reports = "reports";
  if (arguments.ids.empty() && arguments.filter.empty()) return reports / "latest";
  return reports / (selected.size() == 1 ? selected.front()->name : "selection");
}

std::string one_line(const Record& record) {
  if (record.outcome != Outcome::completed)
    return fmt::format("{}: {}", to_string(record.outcome), record.reason);
  const auto expected = std::ranges::count_if(record.checks, &Check::as_expected);
  return fmt::format("{} of {} claims as expected", expected, record.checks.size());
}

using Plan = std::vector<std::unique_ptr<PlannedExperiment>>;

/// Runs all in one queue; each record is written when it is there, and its experiment freed.
void run_in_one_queue(Plan& plan, const std::filesystem::path& folder, int threads, Progress& progress,
                      const std::stop_token& stop) {
  std::mutex mutex;
  WorkQueue queue;
  for (std::size_t i = 0; i < plan.size(); ++i) {
    const std::string name = plan[i]->experiment().name;
    const auto began = [&, i, name] {
      const std::lock_guard lock(mutex);
      progress.begin(name, i + 1, plan.size());
    };
    const auto ended = [&, i, name](const Record& record) {
      const std::lock_guard lock(mutex);
      write_record(folder, record);
      progress.end(name, one_line(record));
      plan[i].reset();
    };
    queue.add(plan[i]->job(began, ended));
  }
  queue.run({.threads = threads, .stop = stop, .progress = [&](std::uint64_t done) {
               const std::lock_guard lock(mutex);
               progress.advance(done);
             }});
  for (std::size_t i = 0; i < plan.size(); ++i) {
    if (plan[i]) write_record(folder, plan[i]->unfinished("interrupted before it began"));
  }
}

int run(const RunArguments& arguments) {
  const std::vector<const Experiment*> selected = select(arguments.ids, arguments.filter);
  RunSettings settings{.tier = tier_from(arguments.tier),
                       .seed = arguments.seed,
                       .normal_bits = normal_bits_from(arguments.normals),
                       .threads = arguments.threads,
                       .changes = parse_changes(arguments.changes)};
  require_known(settings.changes, selected);
  require_room(settings.budget, selected);
  settings.environment = environment_now(arguments.threads);

  const InterruptGuard interrupt;
  Plan plan;
  std::uint64_t work = 0;
  for (const Experiment* experiment : selected) {
    settings.command = reproducing_command({experiment->name}, arguments);
    plan.push_back(std::make_unique<PlannedExperiment>(*experiment, settings));
    work += plan.back()->work();
  }
  const std::unique_ptr<Progress> progress = make_progress(arguments.progress, work);
  std::string command = reproducing_command(arguments.ids, arguments);
  if (!arguments.filter.empty()) command += " --filter '" + arguments.filter + "'";
  RunDescription description = describe_run(command);
  description.started = settings.environment.started;
  const RunFolder folder(arguments.out.empty() ? default_folder(selected, arguments) : arguments.out,
                         description);
  report_earlier_run(folder);
  write_report_in_progress(folder.path(), description);

  // What is killed without notice leaves these behind, so that a report of what is there cannot be green.
  for (const auto& planned : plan)
    write_record(folder.path(), planned->unfinished("the run ended before it"));

  run_in_one_queue(plan, folder.path(), arguments.threads, *progress, interrupt.token());
  const ExitCode gate = publish(folder.path());
  return static_cast<int>(interrupt.interrupted() ? ExitCode::interrupted : gate);
}

void add(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "run", "Run experiments, write their records and the report, and judge: the exit code is the gate's");
  const auto arguments = std::make_shared<RunArguments>();
  command->add_option("ID", arguments->ids, "Experiments, see list; all if neither ID nor --filter is given");
  command->add_option("--filter", arguments->filter, "Also run what this regular expression is found in")
      ->type_name("REGEX");
  command->add_option("--tier", arguments->tier, "smoke, standard or paper")->capture_default_str();
  command->add_option("--seed", arguments->seed, "Of all random numbers")
      ->transform(whole_number())
      ->capture_default_str();
  command
      ->add_option(
          "--normals", arguments->normals,
          "shared or strict: how many random bits a normal is made of; strict is slower, and for who "
          "doubts the other")
      ->capture_default_str();
  command->add_option("--threads", arguments->threads, "Changes the time, never a result")
      ->transform(whole_number(1, 4096))
      ->capture_default_str();
  command
      ->add_option("--out", arguments->out,
                   "Run folder [reports/latest of all experiments, reports/ID of one, reports/selection of "
                   "several]; an earlier run in it is moved to runs/ beside it")
      ->type_name("DIR");
  command->add_option("--set", arguments->changes, "Change a setting: key=value or key=value,value; see info")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_option("--progress", arguments->progress, "auto, bar, lines or none")->capture_default_str();
  command->callback([&exit_code, arguments] { exit_code = run(*arguments); });
}

const Register<Command> run_command{{.name = "run", .add = add}};

}  // namespace
}  // namespace sdelens
