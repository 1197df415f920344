#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "sdelens/claim/decision.hpp"
#include "sdelens/record/members.hpp"
#include "sdelens/record/regular_expression.hpp"
#include "sdelens/record/run_description.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens {
namespace {

using Json = nlohmann::ordered_json;

using stored::Either;
using stored::members;

/// Writes the members of one object.
class Writer {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    json_[name] = json_of(value);
  }
  void since(int, const char* name, const auto& value) { (*this)(name, value); }
  /// Leaves out what most objects have.
  template <class T>
  void operator()(const char* name, const T& value, const T& usual) {
    if (value != usual) (*this)(name, value);
  }
  Json result() && { return std::move(json_); }

 private:
  // JSON has no word for what is not finite, and null would lose which of the three it was.
  static Json json_of(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0.0 ? "inf" : "-inf";
    return value;
  }
  static Json json_of(const std::string& value) { return value; }
  static Json json_of(std::integral auto value) { return value; }
  static Json json_of(const std::optional<double>& value) { return value ? json_of(*value) : Json(nullptr); }
  template <class T>
  requires std::is_enum_v<T>
  static Json json_of(T value) { return to_string(value); }
  template <class T>
  static Json json_of(const std::vector<T>& values) {
    Json result = Json::array();
    for (const T& value : values) result.push_back(json_of(value));
    return result;
  }
  template <class T>
  requires std::is_class_v<T>
  static Json json_of(const T& value) {
    Writer writer;
    members(writer, value);
    return std::move(writer).result();
  }

  Json json_ = Json::object();
};

/// Where in a document a value stands: "checks/0/verdict". Spelt out only for a message.
struct Place {
  const Place* parent = nullptr;
  const char* name = nullptr;
  std::size_t index = 0;

  std::string text() const {
    const std::string own = name != nullptr ? name : std::to_string(index);
    return parent == nullptr ? own : parent->text() + "/" + own;
  }
};

[[noreturn]] void wrong(const Place& place, const char* expected, const Json& found) {
  throw StorageError(
      fmt::format("{} must be {}, but is {}", place.text(), expected, found.dump().substr(0, 80)));
}

/// Reads the members of one object.
class Reader {
 public:
  struct Rules {
    int version;  ///< of the document's schema
    bool strict;  ///< refuse members that are not known
  };
  /// @param place  of the object; null for the whole document
  Reader(const Json& json, const Rules& rules, const Place* place = nullptr)
      : json_(json), rules_(rules), place_(place) {}

  void operator()(const char* name, auto& value) {
    known_.insert(name);
    const Place place{.parent = place_, .name = name};
    const auto member = json_.find(name);
    if (member == json_.end()) throw StorageError(fmt::format("{} is missing", place.text()));
    read(place, *member, value);
  }
  /// A member that is left out where it has its usual value.
  template <class T>
  void operator()(const char* name, T& value, const T& usual) {
    if (json_.contains(name)) {
      (*this)(name, value);
    } else {
      value = usual;
    }
  }
  /// A member that documents of a schema before `version` may lack; it keeps its value then.
  void since(int version, const char* name, auto& value) {
    if (rules_.version >= version || json_.contains(name)) (*this)(name, value);
  }
  /// @throw StorageError if the rules are strict and there is a member that was not read
  void finish() const {
    if (!rules_.strict) return;
    for (const auto& [name, value] : json_.items()) {
      if (known_.contains(name)) continue;
      throw StorageError(
          fmt::format("{} is not known", Place{.parent = place_, .name = name.c_str()}.text()));
    }
  }

 private:
  static void read(const Place& place, const Json& json, double& value) {
    if (json.is_number()) {
      value = json.get<double>();
    } else if (json == "nan") {
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (json == "inf" || json == "-inf") {
      value =
          json == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    } else {
      wrong(place, R"(a number, "nan", "inf" or "-inf")", json);
    }
  }
  static void read(const Place& place, const Json& json, std::string& value) {
    if (!json.is_string()) wrong(place, "a text", json);
    value = json.get<std::string>();
  }
  static void read(const Place& place, const Json& json, bool& value) {
    if (!json.is_boolean()) wrong(place, "true or false", json);
    value = json.get<bool>();
  }
  // get would turn -1 into 2^64 - 1 and 1.5 into 1 without a word.
  static void read(const Place& place, const Json& json, std::uint64_t& value) {
    if (!json.is_number_unsigned()) wrong(place, "a whole number, not negative", json);
    value = json.get<std::uint64_t>();
  }
  static void read(const Place& place, const Json& json, int& value) {
    if (!json.is_number_integer()) wrong(place, "a whole number", json);
    const auto wide = json.get<std::int64_t>();
    if (!std::in_range<int>(wide)) wrong(place, "a whole number of 32 bits", json);
    value = static_cast<int>(wide);
  }
  static void read(const Place& place, const Json& json, std::optional<double>& value) {
    if (json.is_null()) {
      value.reset();
    } else {
      read(place, json, value.emplace());
    }
  }
  static void read(const Place& place, const Json& json, Relation& value) {
    read_word(place, json, relation_from, value);
  }
  static void read(const Place& place, const Json& json, Verdict& value) {
    read_word(place, json, verdict_from, value);
  }
  static void read(const Place& place, const Json& json, Wording& value) {
    read_word(place, json, wording_from, value);
  }
  static void read(const Place& place, const Json& json, ErrorFamily& value) {
    read_word(place, json, error_family_from, value);
  }
  static void read(const Place& place, const Json& json, Outcome& value) {
    read_word(place, json, outcome_from, value);
  }
  static void read(const Place& place, const Json& json, Role& value) {
    read_word(place, json, role_from, value);
  }
  static void read_word(const Place& place, const Json& json, auto from, auto& value) {
    std::string word;
    read(place, json, word);
    try {
      value = from(word);
    } catch (const std::invalid_argument& problem) {
      throw StorageError(fmt::format("{}: {}", place.text(), problem.what()));
    }
  }
  template <class T>
  void read(const Place& place, const Json& json, std::vector<T>& values) const {
    if (!json.is_array()) wrong(place, "a list", json);
    values.clear();
    for (const Json& entry : json) {
      const Place of_entry{.parent = &place, .index = values.size()};
      read(of_entry, entry, values.emplace_back());
    }
  }
  template <class T>
  requires std::is_class_v<T>
  void read(const Place& place, const Json& json, T& value) const {
    if (!json.is_object()) wrong(place, "an object", json);
    Reader reader(json, rules_, &place);
    members(reader, value);
    reader.finish();
  }

  const Json& json_;
  Rules rules_;
  const Place* place_;
  std::set<std::string, std::less<>> known_;
};

/// The schema's version that a document names.
/// @throw StorageError unless it is between the oldest and the newest
int version_of(const Json& json, int oldest, int newest) {
  int version = 0;
  Reader(json, {.version = newest, .strict = false})("schema_version", version);
  if (version >= oldest && version <= newest) return version;
  throw StorageError(
      fmt::format("schema_version is {}, but this program reads {}", version,
                  oldest == newest ? std::to_string(newest) : fmt::format("{} to {}", oldest, newest)));
}

/// Of lists and objects in a document; ours have less than ten.
constexpr int most_levels = 64;

/// @throw StorageError if the text is not JSON, something else than an object, or nested too deeply
Json parsed(std::string_view text, const char* what) {
  try {
    // What is nested deeply is read and written by recursion.
    const auto shallow = [](int depth, Json::parse_event_t, const Json&) {
      if (depth > most_levels)
        throw StorageError(fmt::format("is nested in more than {} levels", most_levels));
      return true;
    };
    Json json = Json::parse(text, shallow);
    if (!json.is_object()) wrong({.name = what}, "an object", json);
    return json;
  } catch (const Json::exception& error) {
    // The message quotes what was read last, however long it is.
    throw StorageError(std::string(error.what()).substr(0, 400));
  }
}

// A message from elsewhere may hold bytes that are not UTF-8; that must not cost the whole document.
std::string text_of(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// The members of run.json.
void members_of_run(auto& visit, auto& description) {
  visit("title", description.title);
  visit("command", description.command);
  visit.since(2, "started", description.started);
  visit.since(2, "edition", description.edition);
}

/// @param visit_members  given what visits the document's members, visits them
std::string document(const auto& visit_members) {
  Writer writer;
  writer("schema_version", run_description_schema_version);
  visit_members(writer);
  return text_of(std::move(writer).result());
}

/// Reads the members of one document of a run's description.
void read_document(const char* file, const std::string& text, const auto& visit_members) {
  try {
    const Json json = parsed(text, file);
    const int version =
        version_of(json, oldest_run_description_schema_version, run_description_schema_version);
    Reader reader(json, {.version = version, .strict = true});
    int read_again = 0;
    reader("schema_version", read_again);
    visit_members(reader);
    reader.finish();
  } catch (const StorageError& error) {
    throw StorageError(fmt::format("{}: {}", file, error.what()));
  }
}

void require_expression(const std::string& text, const char* name, std::size_t erratum, std::size_t claim) {
  try {
    const RegularExpression expression(text);
  } catch (const NotAnExpression& error) {
    throw StorageError(
        fmt::format("errata.json: errata/{}/claims/{}/{}: {}", erratum, claim, name, error.what()));
  }
}

/// The one expression that former programs stored and RE2 does not have gets its meaning in their runs.
void without_look_ahead(std::string& expression) {
  if (expression == "^(?!trace)") expression = "^(bound|curve|kept|one-process)";
}

}  // namespace

std::string to_json(const Record& record) {
  Writer writer;
  writer("schema_version", Record::schema_version);
  members(writer, record);
  return text_of(std::move(writer).result());
}

Record record_from_json(std::string_view text) {
  const Json json = parsed(text, "a record");
  Reader reader(json, {.version = version_of(json, Record::oldest_schema_version, Record::schema_version),
                       .strict = false});
  Record record;
  members(reader, record);
  for (std::size_t i = 0; i < record.checks.size(); ++i) {
    if (const std::string problem = contradiction(record.checks[i]); !problem.empty())
      throw StorageError(fmt::format("checks/{}/verdict {}", i, problem));
  }
  return record;
}

RunDocuments to_json(const RunDescription& description) {
  return {.run = document([&](auto& visit) { members_of_run(visit, description); }),
          .statements = document([&](auto& visit) { visit("statements", description.statements); }),
          .errata = document([&](auto& visit) { visit("errata", description.errata); })};
}

bool is_run_document(const std::string& text) {
  try {
    const Json json = parsed(text, "run.json");
    return json.contains("schema_version") && json.contains("title") && json.contains("command");
  } catch (const StorageError&) {
    return false;
  }
}

RunDescription run_description_from_json(const RunDocuments& documents) {
  RunDescription result;
  read_document("run.json", documents.run, [&](auto& visit) { members_of_run(visit, result); });
  read_document("statements.json", documents.statements,
                [&](auto& visit) { visit("statements", result.statements); });
  read_document("errata.json", documents.errata, [&](auto& visit) { visit("errata", result.errata); });
  for (std::size_t i = 0; i < result.errata.size(); ++i) {
    for (std::size_t j = 0; j < result.errata[i].claims.size(); ++j) {
      without_look_ahead(result.errata[i].claims[j].claim);
      require_expression(result.errata[i].claims[j].experiment, "experiment", i, j);
      require_expression(result.errata[i].claims[j].claim, "claim", i, j);
    }
  }
  return result;
}

}  // namespace sdelens
