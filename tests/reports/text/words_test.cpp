#include "reports/text/words.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "reports/text/escape.hpp"
#include "tests/reports/synthetic_records.hpp"

namespace sdelens::reports {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Words, NumbersAreRoundedForReading) {
  EXPECT_EQ(number(1.0 / 3.0), "0.333333");
  EXPECT_EQ(number(nan), "nan");
  EXPECT_EQ(number(-infinity), "-inf");
  EXPECT_EQ(measured(0.25, 0.00312), "0.25 ± 0.0031");
  EXPECT_EQ(measured(0.25, 0.0), "0.25");
  EXPECT_EQ(measured(0.25, nan), "0.25 ± nan");
  EXPECT_EQ(interval(-1.0, infinity), "[-1, inf]");
  EXPECT_EQ(interval(0.5, 0.5), "0.5");
  EXPECT_EQ(list_of({0.1, 1.0, 1e-7}), "0.1, 1, 1e-07");
  EXPECT_EQ(list_of({}), "");
}

TEST(Words, DurationsAreReadable) {
  EXPECT_EQ(duration(0.0123), "0.012 s");
  EXPECT_EQ(duration(59.4), "59 s");
  EXPECT_EQ(duration(192.0), "3 min 12 s");
  EXPECT_EQ(duration(7500.0), "2 h 5 min");
  EXPECT_EQ(duration(nan), "unknown");
  EXPECT_EQ(duration(-1.0), "unknown");
  EXPECT_EQ(duration(infinity), "unknown");
}

TEST(Words, Lists) {
  using Parts = std::vector<std::string>;
  EXPECT_EQ(enumeration(Parts{}), "");
  EXPECT_EQ(enumeration(Parts{"a"}), "a");
  EXPECT_EQ(enumeration(Parts{"a", "b"}), "a and b");
  EXPECT_EQ(enumeration(Parts{"a", "b", "c"}), "a, b and c");
  EXPECT_EQ(one_line("a\nb\tc\x01 η"), "a b c  η");
}

TEST(Words, TheErrorRateSpentIsTheSumOverAllClaims) {
  const StoredRecords stored = synthetic_records();
  EXPECT_NEAR(spent_error_rate(stored.records, ErrorFamily::replicas), 7 * 5e-8 + 8.75e-8, 1e-20);
}

TEST(Words, ClaimsFromFewRunsSpendARateOfTheirOwn) {
  StoredRecords stored = synthetic_records();
  const auto spent = [&stored] {
    std::vector<std::string> lines;
    for (const Fact& fact : facts_of(stored.records)) {
      if (fact.name.starts_with("Error rate spent")) lines.push_back(fact.name + ": " + fact.value);
    }
    return lines;
  };
  const auto all = spent();
  ASSERT_EQ(all.size(), 1U);
  Check check = stored.records[0].checks.at(0);
  check.claim.family = ErrorFamily::few_runs;
  check.spent = 7.8125e-5;
  stored.records[0].checks.push_back(check);
  EXPECT_EQ(spent_error_rate(stored.records, ErrorFamily::few_runs), 7.8125e-5);
  ASSERT_EQ(spent().size(), 2U);
  EXPECT_EQ(spent()[0], all[0]);
  EXPECT_EQ(
      spent()[1],
      "Error rate spent on claims from few runs: 7.8e-05 for any false fail, and again for any false pass");
}

TEST(Words, FactsThatDifferAreAllListed) {
  StoredRecords stored = synthetic_records();
  stored.records[1].seed = 7;
  stored.records[1].environment.started = "2023-01-01T00:00:00Z";
  std::string seed, started;
  for (const Fact& fact : facts_of(stored.records)) {
    if (fact.name == "Seed") seed = fact.value;
    if (fact.name == "Started (UTC)") started = fact.value;
  }
  EXPECT_EQ(seed, "2024; 7");
  EXPECT_EQ(started, "2023-01-01T00:00:00Z");
}

TEST(Escape, Markup) {
  EXPECT_EQ(escape_markup("<a href=\"x\">'&amp;'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;amp;&#39;&lt;/a&gt;");
  EXPECT_EQ(escape_markup("η\n\t\x01"), "η\n\t\uFFFD");
  EXPECT_EQ(escape_markup("a\xff"), "a\uFFFD");
}

TEST(Escape, Markdown) {
  EXPECT_EQ(escape_markdown("a|b\nc*d_e`f"), "a\\|b c\\*d\\_e\\`f");
  EXPECT_EQ(escape_markdown("<b> [x] ~ #"), "\\<b\\> \\[x\\] \\~ \\#");
}

TEST(Escape, Base64TestVectorsOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace sdelens::reports
