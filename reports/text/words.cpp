#include "reports/text/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

namespace sdelens::reports {

std::string number(double value) { return fmt::format("{:.6g}", value); }

std::string measured(double estimate, double standard_error) {
  if (standard_error == 0.0) return number(estimate);
  return fmt::format("{:.6g} ± {:.2g}", estimate, standard_error);
}

std::string interval(double lower, double upper) {
  if (lower == upper) return fmt::format("{:.4g}", lower);
  return fmt::format("[{:.4g}, {:.4g}]", lower, upper);
}

std::string list_of(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += (text.empty() ? "" : ", ") + fmt::format("{}", value);
  return text;
}

std::string duration(double seconds) {
  if (!(seconds >= 0.0) || std::isinf(seconds)) return "unknown";
  if (seconds < 10.0) return fmt::format("{:.2g} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string counted(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string enumeration(std::span<const std::string> parts) {
  if (parts.empty()) return "";
  if (parts.size() == 1) return parts.front();
  return fmt::format("{} and {}", fmt::join(parts.first(parts.size() - 1), ", "), parts.back());
}

std::string one_line(std::string_view text) {
  std::string result(text);
  std::ranges::replace_if(
      result, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
  return result;
}

std::string verdict_words(const Check& check) {
  switch (standing(check)) {
    case Standing::passed:
      return "pass";
    case Standing::refuted_as_expected:
      return "refuted, as expected";
    case Standing::not_as_expected:
      return check.verdict == Verdict::fail ? "fail" : "pass, though expected to be refuted";
    case Standing::unresolved:
      return "unresolved";
    case Standing::error:
      return "error";
  }
  return "error";
}

std::string expectation_words(Verdict expected) {
  if (expected == Verdict::pass) return "to hold";
  if (expected == Verdict::fail) return "to be refuted";
  return to_string(expected);
}

std::string relation_symbol(Relation relation) {
  switch (relation) {
    case Relation::equal:
      return "=";
    case Relation::at_most:
      return "≤";
    case Relation::at_least:
      return "≥";
    case Relation::order:
      return "order =";
    case Relation::ordering:
      return "smallest step ≥";
    case Relation::identity:
      return "≡";
  }
  return to_string(relation);
}

std::string source_words(const Source& source) {
  if (source.paper.empty()) return source.item;
  return fmt::format("Paper {}{}{}", source.paper, source.item.empty() ? "" : ", ", source.item);
}

std::string findings_line(const Check& check) {
  if (check.verdict == Verdict::error && !check.reason.empty()) {
    return check.where.empty() ? one_line(check.reason) : one_line(check.where + ": " + check.reason);
  }
  std::string text = fmt::format(
      "prediction {}, estimate {}, interval for truth - prediction {}, margin {:.4g}, resolution {:.4g}",
      number(check.prediction), measured(check.estimate, check.standard_error),
      interval(check.lower, check.upper), check.margin, check.resolution);
  if (!check.where.empty())
    text += fmt::format(", at {} (of {} points)", one_line(check.where), check.points);
  return text;
}

std::string totals_line(const Tally& tally) {
  std::string text =
      fmt::format("{}: {} pass, {} refuted as expected, {} not as expected, {} unresolved, {}",
                  counted(tally.claims, "claim", "claims"), tally.passed, tally.refuted_as_expected,
                  tally.not_as_expected, tally.unresolved, counted(tally.errors, "error", "errors"));
  std::vector<std::string> more;
  const auto add = [&more](std::size_t count, const char* one, const char* many) {
    if (count > 0) more.push_back(counted(count, one, many));
  };
  add(tally.partial, "experiment not complete", "experiments not complete");
  add(tally.skipped, "experiment skipped", "experiments skipped");
  add(tally.failed, "experiment ended with an error", "experiments ended with an error");
  add(tally.damaged, "damaged record", "damaged records");
  return more.empty() ? text : text + "; " + enumeration(more);
}

std::string progress_sentence(const RunDescription& description) {
  return fmt::format("Run in progress, started at {}.", description.started);
}

std::string progress_advice() {
  return "Nothing is judged yet. If no run is under way, this one was ended from outside, or failed: sdelens "
         "report with its folder writes the report of what it finished.";
}

double spent_error_rate(std::span<const Record> records, ErrorFamily family) {
  double spent = 0.0;
  for (const Record& record : records) {
    for (const Check& check : record.checks) spent += check.claim.family == family ? check.spent : 0.0;
  }
  return spent;
}

std::vector<Fact> facts_of(std::span<const Record> records) {
  double seconds = 0.0;
  for (const Record& record : records) seconds += record.seconds;
  std::vector<std::string> starts =
      distinct(records, [](const Record& record) { return record.environment.started; });
  std::ranges::sort(starts);

  const auto spent = [records](ErrorFamily family) {
    return fmt::format("{:.2g} for any false fail, and again for any false pass",
                       spent_error_rate(records, family));
  };
  const bool few_runs = spent_error_rate(records, ErrorFamily::few_runs) > 0.0;
  const auto joined = [&records](auto get) {
    return fmt::format("{}", fmt::join(distinct(records, get), "; "));
  };
  std::vector<Fact> facts{
      {"Tier", joined([](const Record& r) { return r.tier; })},
      {"Seed", joined([](const Record& r) { return std::to_string(r.seed); })},
      {"Revision", joined([](const Record& r) { return r.environment.revision; })},
      {"Compiler", joined([](const Record& r) { return r.environment.compiler; })},
      {"Flags", joined([](const Record& r) { return r.environment.flags; })},
      {"Processor", joined([](const Record& r) { return r.environment.processor; })},
      {"Vector instructions", joined([](const Record& r) { return r.environment.instructions; })},
      {"Threads", joined([](const Record& r) { return std::to_string(r.environment.threads); })},
      {"Started (UTC)", starts.empty() ? "" : starts.front()},
      {"Total time", duration(seconds)},
      {"Error rate spent", spent(ErrorFamily::replicas)},
      {"Error rate spent on claims from few runs", few_runs ? spent(ErrorFamily::few_runs) : ""}};
  std::erase_if(facts, [](const Fact& fact) { return fact.value.empty(); });
  return facts;
}

}  // namespace sdelens::reports
