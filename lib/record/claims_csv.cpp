#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>

#include "sdelens/record/store.hpp"

namespace sdelens {
namespace {

/// A field by RFC 4180, section 2: quoted where it holds a comma, a quote or a line break.
std::string field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + '"';
}

// The shortest text that reads back as the same number.
std::string field(double value) { return fmt::format("{}", value); }

}  // namespace

void write_claims_csv(const std::filesystem::path& folder, std::span<const Record> records) {
  std::string text =
      "claim,experiment,paper,item,relation,prediction,estimate,standard_error,margin,resolution,expected,"
      "verdict\n";
  for (const Record& record : records) {
    for (const Check& check : record.checks) {
      const Claim& claim = check.claim;
      const std::array<std::string, 12> fields{
          field(claim.id),          field(record.experiment),    field(claim.source.paper),
          field(claim.source.item), to_string(claim.relation),   field(check.prediction),
          field(check.estimate),    field(check.standard_error), field(check.margin),
          field(check.resolution),  to_string(claim.expected),   to_string(check.verdict)};
      text += fmt::format("{}\n", fmt::join(fields, ","));
    }
  }
  write_file(folder / "claims.csv", text);
}

}  // namespace sdelens
