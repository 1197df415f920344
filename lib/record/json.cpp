#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>

#include "sdelens/record/members.hpp"
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

/// @throw StorageError if the text is not JSON, or something else than an object
Json parsed(std::string_view text, const char* what) {
  try {
    Json json = Json::parse(text);
    if (!json.is_object()) wrong({.name = what}, "an object", json);
    return json;
  } catch (const Json::exception& error) {
    throw StorageError(error.what());
  }
}

// A message from elsewhere may hold bytes that are not UTF-8; that must not cost the whole document.
std::string text_of(const Json& json) {
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// A text that is left out where it is empty, and that documents before it lack.
template <class Text>
struct OptionalText {
  const char* first;
  Text* second;
};

template <class T>
void visit(auto& visitor, const std::pair<const char*, T*>& member) {
  visitor(member.first, *member.second);
}
template <class Text>
void visit(auto& visitor, const OptionalText<Text>& member) {
  visitor(member.first, *member.second, std::string());
}

std::string document(auto&&... named_members) {
  Writer writer;
  writer("schema_version", run_description_schema_version);
  const auto write = [&writer](const auto& member) { visit(writer, member); };
  (write(named_members), ...);
  return text_of(std::move(writer).result());
}

/// Reads the members of one document of a run's description.
void read_document(const char* file, const std::string& text, auto&&... named_members) {
  try {
    const Json json = parsed(text, file);
    const int version = version_of(json, run_description_schema_version, run_description_schema_version);
    Reader reader(json, {.version = version, .strict = true});
    int read_again = 0;
    reader("schema_version", read_again);
    (visit(reader, named_members), ...);
    reader.finish();
  } catch (const StorageError& error) {
    throw StorageError(fmt::format("{}: {}", file, error.what()));
  }
}

void require_expression(const std::string& text, const char* name, std::size_t erratum, std::size_t claim) {
  try {
    const std::regex expression(text);
  } catch (const std::regex_error& error) {
    throw StorageError(fmt::format("errata.json: errata/{}/claims/{}/{} is '{}', no regular expression: {}",
                                   erratum, claim, name, text, error.what()));
  }
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
  return record;
}

RunDocuments to_json(const RunDescription& description) {
  return {.run = document(std::pair("title", &description.title), std::pair("command", &description.command),
                          OptionalText{"edition", &description.edition}),
          .statements = document(std::pair("statements", &description.statements)),
          .errata = document(std::pair("errata", &description.errata))};
}

RunDescription run_description_from_json(const RunDocuments& documents) {
  RunDescription result;
  read_document("run.json", documents.run, std::pair("title", &result.title),
                std::pair("command", &result.command), OptionalText{"edition", &result.edition});
  read_document("statements.json", documents.statements, std::pair("statements", &result.statements));
  read_document("errata.json", documents.errata, std::pair("errata", &result.errata));
  for (std::size_t i = 0; i < result.errata.size(); ++i) {
    for (std::size_t j = 0; j < result.errata[i].claims.size(); ++j) {
      require_expression(result.errata[i].claims[j].experiment, "experiment", i, j);
      require_expression(result.errata[i].claims[j].claim, "claim", i, j);
    }
  }
  return result;
}

}  // namespace sdelens
