#include "reports/text/junit.hpp"

#include <fmt/format.h>

#include "reports/exit_code.hpp"
#include "reports/text/escape.hpp"
#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  void add(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
  }
  std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures, errors,
                       skipped);
  }
};

std::string test_case(const std::string& suite, const std::string& name, const std::string& content) {
  const std::string head =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", escape_markup(suite), escape_markup(name));
  return content.empty() ? head + "/>\n" : fmt::format("{}>\n      {}\n    </testcase>\n", head, content);
}

std::string problem(const char* element, const std::string& type, const std::string& message) {
  return fmt::format("<{} type=\"{}\" message=\"{}\"/>", element, type, escape_markup(one_line(message)));
}

std::string claim_case(const Record& record, const Check& check, Counts& counts) {
  ++counts.tests;
  std::string content;
  const std::string message = fmt::format("{}: {}", check.claim.statement, findings_line(check));
  switch (standing(check)) {
    case Standing::passed:
    case Standing::refuted_as_expected:
      break;
    case Standing::not_as_expected:
    case Standing::unresolved:
      ++counts.failures;
      content = problem("failure", to_string(check.verdict), message);
      break;
    case Standing::error:
      ++counts.errors;
      content = problem("error", "error", message);
      break;
  }
  return test_case(record.experiment, check.claim.id, content);
}

std::string outcome_case(const Record& record, Counts& counts) {
  if (record.outcome == Outcome::completed) return "";
  ++counts.tests;
  std::string content;
  if (record.outcome == Outcome::skipped) {
    ++counts.skipped;
    content = fmt::format("<skipped message=\"{}\"/>", escape_markup(one_line(record.reason)));
  } else if (record.outcome == Outcome::partial) {
    ++counts.failures;
    content = problem("failure", "partial", record.reason);
  } else {
    ++counts.errors;
    content = problem("error", "error", record.reason);
  }
  return test_case(record.experiment, "experiment", content);
}

std::string suite(const std::string& name, const Counts& counts, double seconds, const std::string& cases) {
  return fmt::format("  <testsuite name=\"{}\" {} time=\"{:.3f}\">\n{}  </testsuite>\n", escape_markup(name),
                     counts.attributes(), seconds, cases);
}

std::string document(const Counts& total, double seconds, const std::string& suites) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sdelens\" {} time=\"{:.3f}\">\n{}"
      "</testsuites>\n",
      total.attributes(), seconds, suites);
}

}  // namespace

std::string junit_xml(const StoredRecords& stored) {
  Counts total;
  double seconds = 0.0;
  std::string suites;
  for (const Record& record : stored.records) {
    Counts counts;
    std::string cases;
    for (const Check& check : record.checks) cases += claim_case(record, check, counts);
    cases += outcome_case(record, counts);
    suites += suite(record.experiment, counts, record.seconds, cases);
    total.add(counts);
    seconds += record.seconds;
  }
  if (!stored.damaged.empty()) {
    Counts counts;
    std::string cases;
    for (const auto& [file, reason] : stored.damaged) {
      ++counts.tests;
      ++counts.errors;
      cases += test_case("records", file.filename().string(), problem("error", "damaged", reason));
    }
    suites += suite("records", counts, 0.0, cases);
    total.add(counts);
  }
  return document(total, seconds, suites);
}

std::string junit_in_progress(const RunDescription& description) {
  const Counts counts{.tests = 1, .errors = 1};
  const std::string error =
      problem("error", "in progress", progress_sentence(description) + " " + progress_advice());
  return document(counts, 0.0, suite("run", counts, 0.0, test_case("run", "end", error)));
}

}  // namespace sdelens::reports
