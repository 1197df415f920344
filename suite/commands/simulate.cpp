#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>

#include "reports/exit_code.hpp"
#include "reports/report.hpp"
#include "sdelens/record/run_folder.hpp"
#include "sdelens/record/store.hpp"
#include "suite/program/command.hpp"
#include "suite/program/interrupt.hpp"
#include "suite/program/progress.hpp"
#include "suite/program/publish.hpp"
#include "suite/program/run_folder.hpp"
#include "suite/program/select.hpp"
#include "suite/program/simulate/simulate_findings.hpp"
#include "suite/program/simulated_record.hpp"
#include "suite/program/streams.hpp"
#include "suite/program/text_layout.hpp"
#include "suite/program/whole_number.hpp"

namespace sdelens {
namespace {

/// The options as texts, before they are looked into.
struct SimulateArguments {
  std::string config, landscape, noise, schedule, x0, progress = "auto";
  std::vector<std::string> changes;
  SimulateOptions options;
};

SimulateOptions options_of(const SimulateArguments& arguments) {
  SimulateOptions options = arguments.options;
  const auto specification = [](const char* option, const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(parse_specification(option, text));
  };
  options.landscape = specification("--landscape", arguments.landscape);
  options.noise = specification("--noise", arguments.noise);
  options.schedule = specification("--schedule", arguments.schedule);
  if (!arguments.x0.empty()) options.x0 = parse_numbers("--x0", arguments.x0);
  options.set = parse_changes(arguments.changes);
  return arguments.config.empty() ? options : options.over(read_simulate_config(arguments.config));
}

Record blank_record(const SimulatePlan& plan) {
  const Question& problem = plan.problem;
  Record record;
  record.experiment = "simulate";
  record.title = fmt::format("{} on {}", problem.optimizer.name, problem.landscape.name);
  record.summary = fmt::format(
      "{} on the landscape {} in dimension {} with {} and the schedule {}: measured mean, variance and "
      "loss next "
      "to every prediction that applies. Nothing is judged here.",
      problem.optimizer.name, problem.landscape.name, problem.dimension(), problem.noise_text(),
      problem.schedule.name);
  record.source = {.paper = "A", .item = "own settings"};
  record.tier = "own settings";
  record.seed = plan.seed;
  record.command = plan.command;
  record.settings = plan.settings;
  record.environment = environment_now(plan.threads);
  return record;
}

void add_simulations(Record& record, const SimulatePlan& plan) {
  for (const auto& ensemble : {plan.optimizer, plan.sde}) {
    if (ensemble) record.simulations.push_back(simulation_of(*ensemble));
  }
}

/// "interrupted: 256 of 1000 runs of sgd and 0 of 1000 runs of SDE sgd were finished"
std::string interruption(const SimulatePlan& plan) {
  std::vector<std::string> parts;
  for (const auto& ensemble : {plan.optimizer, plan.sde}) {
    if (!ensemble) continue;
    parts.push_back(
        fmt::format("{} of {} runs of {}", ensemble->replicas(), plan.replicas, ensemble->name()));
  }
  return fmt::format("interrupted: {} were finished", fmt::join(parts, " and "));
}

/// Writes the record and its report.
void write(const SimulatePlan& plan, const Record& record) {
  write_record(plan.out, record);
  const ReportResult report = write_reports(plan.out, read_run(plan.out));
  for (const std::string& problem : report.problems) print_output("note: {}\n", problem);
  print_output("report: {}\n", report.page.string());
}

int run(const SimulateArguments& arguments) {
  const InterruptGuard interrupt;
  const SimulatePlan plan = plan_simulation(options_of(arguments));
  std::uint64_t work = 0;
  for (const auto& ensemble : {plan.optimizer, plan.sde})
    work += ensemble ? plan.replicas * ensemble->steps() : 0;
  const std::unique_ptr<Progress> progress = make_progress(arguments.progress, work);
  Record record = blank_record(plan);
  const RunDescription description{.title = "sdelens: a simulation with own settings",
                                   .command = plan.command,
                                   .started = record.environment.started};
  const RunFolder folder(plan.out, description);
  report_earlier_run(folder);
  write_report_in_progress(folder.path(), description);
  // What is killed without notice leaves this behind.
  record.outcome = Outcome::partial;
  record.reason = "the run ended before it";
  write_record(plan.out, record);

  const auto began = std::chrono::steady_clock::now();
  const Execution execution{.threads = plan.threads,
                            .stop = interrupt.token(),
                            .progress = [&](std::uint64_t done) { progress->advance(done); }};
  progress->begin(record.title, 1, 1);
  const bool finished = plan.optimizer->extend_to(plan.replicas, execution) &&
                        (!plan.sde || plan.sde->extend_to(plan.replicas, execution));
  progress->end(record.title, finished ? "simulated" : "interrupted");
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  add_simulations(record, plan);
  if (plan.optimizer->replicas() == 0) {
    record.reason = interruption(plan) + ", so that no number is recorded";
    write(plan, record);
    print_message("sdelens: {}\n", record.reason);
    return static_cast<int>(ExitCode::interrupted);
  }

  SimulateFindings findings = find(plan);
  if (!finished) findings.notes.insert(findings.notes.begin(), interruption(plan));
  record.outcome = !findings.damages.empty() ? Outcome::error
                   : finished                ? Outcome::completed
                                             : Outcome::partial;
  record.reason = fmt::format("{}", fmt::join(findings.damages, "; "));
  if (!finished) record.reason = interruption(plan) + (record.reason.empty() ? "" : "; " + record.reason);
  record.tables = data_tables(findings, plan.sde != nullptr);
  record.figures = findings.figures;
  for (const std::string& note : findings.notes) record.summary += " Note: " + note + ".";

  const Question& problem = plan.problem;
  print_output_text(
      wrapped(fmt::format("{} on {}, dimension {}, {}, eta = {:.6g}, schedule {}: {} runs of {} "
                          "iterations, seed {}",
                          problem.optimizer.name, problem.landscape.name, problem.dimension(),
                          problem.noise_text(), problem.learning_rate, problem.schedule.name,
                          plan.optimizer->replicas(), problem.iterations, plan.seed),
              "", "", std::min<std::size_t>(terminal_width(), 100)));
  print_output("\n{}\n", text_of(findings, plan.sde != nullptr, terminal_width()));
  write(plan, record);
  for (const std::string& damage : findings.damages) print_message("sdelens: {}\n", damage);
  if (!finished) {
    print_message("sdelens: {}\n", interruption(plan));
    return static_cast<int>(ExitCode::interrupted);
  }
  return static_cast<int>(findings.damages.empty() ? ExitCode::as_expected : ExitCode::error);
}

void add(CLI::App& app, int& exit_code) {
  CLI::App* const command = app.add_subcommand(
      "simulate",
      "Run an optimizer with settings of your own, and compare it with every prediction that applies");
  const auto arguments = std::make_shared<SimulateArguments>();
  SimulateOptions& options = arguments->options;
  command
      ->add_option("--config", arguments->config,
                   "TOML file with these options; those given here override it")
      ->type_name("FILE");
  command->add_option("--optimizer", options.optimizer, "Its name, see list --optimizers")->type_name("NAME");
  command
      ->add_option("--landscape", arguments->landscape,
                   "For example quadratic:1,3 or linear-regression:curvatures=1/3,residual=0.1,batch=8, see "
                   "list --landscapes")
      ->type_name("SPEC");
  command
      ->add_option(
          "--noise", arguments->noise,
          "For example gaussian:0.5 or student-t:nu=1.5,sigma=0.1/0.2; none for a landscape that draws its "
          "own gradients")
      ->type_name("SPEC");
  command->add_option("--schedule", arguments->schedule, "For example polynomial:0.5 [constant]")
      ->type_name("SPEC");
  command
      ->add_option("--set", arguments->changes, "eta [0.001], or a parameter of the optimizer and of the SDE")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_option("--x0", arguments->x0, "Start: one number, or one for each coordinate [0.1]")
      ->type_name("NUMBERS");
  command
      ->add_option("--sde", options.sde, "ours, malladi, corrected, none or a name, see list --sdes [none]")
      ->type_name("NAME");
  command
      ->add_option("--integrator", options.integrator,
                   "Of the SDE: weak-order-2 or euler-maruyama [weak-order-2]")
      ->type_name("NAME");
  command->add_option("--sde-steps", options.sde_steps, "Steps of the integrator per iteration [4]")
      ->transform(whole_number());
  command->add_option("--runs", options.runs, "Replicas, at least 64 [1000]")->transform(whole_number());
  command->add_option("--steps", options.steps, "Iterations [10000]")->transform(whole_number());
  command->add_option("--window", options.window, "Fraction of the run that is averaged at its end [0.5]");
  command->add_option("--seed", options.seed, "Of all random numbers [1]")->transform(whole_number());
  command->add_option("--normals", options.normals, "shared or strict, as of run [shared]")
      ->type_name("NAME");
  command->add_option("--threads", options.threads, "Changes the time, never a result")
      ->transform(whole_number(1, 4096));
  command
      ->add_option("--out", options.out,
                   "Run folder [reports/simulate]; an earlier run in it is moved to runs/ beside it")
      ->type_name("DIR");
  command->add_option("--progress", arguments->progress, "auto, bar, lines or none")->capture_default_str();
  command->footer(
      "SPEC is NAME, NAME:VALUE,VALUE (of its first parameter in list) or NAME:KEY=VALUE/VALUE,KEY=VALUE.\n"
      "In a file: the same keys without dashes in front; [set] is a table; a SPEC is a text, or a table with "
      "name\n"
      "and the parameters.\n"
      "Exit codes: 0 measured; 3 a measured number is not finite, or a file cannot be written; 4 usage; 130 "
      "interrupted.");
  command->callback([&exit_code, arguments] { exit_code = run(*arguments); });
}

const Register<Command> simulate_command{{.name = "simulate", .add = add}};

}  // namespace
}  // namespace sdelens
