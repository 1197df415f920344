// Messages then name the place in the document.
#define JSON_DIAGNOSTICS 1
#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <limits>
#include <nlohmann/json.hpp>

#include "sdelens/record/store.hpp"

namespace sdelens {
namespace {

using Json = nlohmann::ordered_json;

template <class T, class U>
concept Either = std::same_as<std::remove_const_t<T>, U>;

// The members of each type by name, once for both directions: a reader visits a T, a writer a const T.
template <Either<Source> T>
void members(auto& visit, T& source) {
  visit("paper", source.paper);
  visit("item", source.item);
}

template <Either<Bound> T>
void members(auto& visit, T& bound) {
  visit("absolute", bound.absolute);
  visit("relative", bound.relative);
}

template <Either<Claim> T>
void members(auto& visit, T& claim) {
  visit("id", claim.id);
  visit("statement", claim.statement);
  visit("source", claim.source);
  visit("lemmas", claim.lemmas);
  visit("wording", claim.wording);
  visit("relation", claim.relation);
  visit("margin", claim.margin);
  visit("margin_reason", claim.margin_reason);
  visit("resolution", claim.resolution);
  visit("expected", claim.expected);
}

template <Either<Check> T>
void members(auto& visit, T& check) {
  visit("claim", check.claim);
  visit("where", check.where);
  visit("points", check.points);
  visit("prediction", check.prediction);
  visit("estimate", check.estimate);
  visit("standard_error", check.standard_error);
  visit("lower", check.lower);
  visit("upper", check.upper);
  visit("margin", check.margin);
  visit("resolution", check.resolution);
  visit("error_rate", check.error_rate);
  visit("spent", check.spent);
  visit("looks", check.looks);
  visit("verdict", check.verdict);
  visit("reason", check.reason);
}

template <Either<Axis> T>
void members(auto& visit, T& axis) {
  visit("label", axis.label);
  visit("logarithmic", axis.logarithmic);
  visit("low", axis.low);
  visit("high", axis.high);
}

template <Either<Series> T>
void members(auto& visit, T& series) {
  visit("label", series.label);
  visit("role", series.role);
  visit("colour", series.colour);
  visit("x", series.x);
  visit("y", series.y);
  visit("low", series.low);
  visit("high", series.high);
}

template <Either<Contours> T>
void members(auto& visit, T& contours) {
  visit("label", contours.label);
  visit("x", contours.x);
  visit("y", contours.y);
  visit("value", contours.value);
  visit("levels", contours.levels);
}

template <Either<Figure> T>
void members(auto& visit, T& figure) {
  visit("id", figure.id);
  visit("title", figure.title);
  visit("caption", figure.caption);
  visit("x", figure.x);
  visit("y", figure.y);
  visit("series", figure.series);
  visit("contours", figure.contours);
}

template <Either<TableColumn> T>
void members(auto& visit, T& column) {
  visit("label", column.label);
  visit("words", column.words);
  visit("numbers", column.numbers);
}

template <Either<DataTable> T>
void members(auto& visit, T& table) {
  visit("id", table.id);
  visit("title", table.title);
  visit("caption", table.caption);
  visit("columns", table.columns);
}

template <Either<Setting> T>
void members(auto& visit, T& setting) {
  visit("name", setting.name);
  visit("value", setting.value);
  visit("printed", setting.printed);
  visit("note", setting.note);
  visit("overridden", setting.overridden);
}

template <Either<Simulation> T>
void members(auto& visit, T& simulation) {
  visit("name", simulation.name);
  visit("replicas", simulation.replicas);
  visit("steps", simulation.steps);
  visit("non_finite", simulation.non_finite);
  visit("outside", simulation.outside);
}

template <Either<Environment> T>
void members(auto& visit, T& environment) {
  visit("revision", environment.revision);
  visit("compiler", environment.compiler);
  visit("flags", environment.flags);
  visit("processor", environment.processor);
  visit("instructions", environment.instructions);
  visit("threads", environment.threads);
  visit("started", environment.started);
}

template <Either<Record> T>
void members(auto& visit, T& record) {
  visit("experiment", record.experiment);
  visit("title", record.title);
  visit("summary", record.summary);
  visit("source", record.source);
  visit("tier", record.tier);
  visit("seed", record.seed);
  visit("command", record.command);
  visit("environment", record.environment);
  visit("settings", record.settings);
  visit("simulations", record.simulations);
  visit("checks", record.checks);
  visit("figures", record.figures);
  visit("tables", record.tables);
  visit("outcome", record.outcome);
  visit("reason", record.reason);
  visit("seconds", record.seconds);
}

/// Writes the members of one object.
class Writer {
 public:
  template <class T>
  void operator()(const char* name, const T& value) {
    json_[name] = json_of(value);
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

[[noreturn]] void wrong(const char* name, const char* expected, const Json& found) {
  throw StorageError(fmt::format("{} must be {}, but is {}", name, expected, found.dump().substr(0, 80)));
}

/// Reads the members of one object.
class Reader {
 public:
  explicit Reader(const Json& json) : json_(json) {}

  void operator()(const char* name, auto& value) const { read(name, json_.at(name), value); }

 private:
  static void read(const char* name, const Json& json, double& value) {
    if (json.is_number()) {
      value = json.get<double>();
    } else if (json == "nan") {
      value = std::numeric_limits<double>::quiet_NaN();
    } else if (json == "inf" || json == "-inf") {
      value =
          json == "inf" ? std::numeric_limits<double>::infinity() : -std::numeric_limits<double>::infinity();
    } else {
      wrong(name, R"(a number, "nan", "inf" or "-inf")", json);
    }
  }
  static void read(const char*, const Json& json, std::string& value) { value = json.get<std::string>(); }
  static void read(const char*, const Json& json, bool& value) { value = json.get<bool>(); }
  // get would turn -1 into 2^64 - 1 and 1.5 into 1 without a word.
  static void read(const char* name, const Json& json, std::uint64_t& value) {
    if (!json.is_number_unsigned()) wrong(name, "a whole number, not negative", json);
    value = json.get<std::uint64_t>();
  }
  static void read(const char* name, const Json& json, int& value) {
    if (!json.is_number_integer()) wrong(name, "a whole number", json);
    const auto wide = json.get<std::int64_t>();
    if (!std::in_range<int>(wide)) wrong(name, "a whole number of 32 bits", json);
    value = static_cast<int>(wide);
  }
  static void read(const char* name, const Json& json, std::optional<double>& value) {
    if (json.is_null()) {
      value.reset();
    } else {
      read(name, json, value.emplace());
    }
  }
  static void read(const char*, const Json& json, Relation& value) {
    value = relation_from(json.get<std::string>());
  }
  static void read(const char*, const Json& json, Verdict& value) {
    value = verdict_from(json.get<std::string>());
  }
  static void read(const char*, const Json& json, Wording& value) {
    value = wording_from(json.get<std::string>());
  }
  static void read(const char*, const Json& json, Outcome& value) {
    value = outcome_from(json.get<std::string>());
  }
  static void read(const char*, const Json& json, Role& value) { value = role_from(json.get<std::string>()); }
  template <class T>
  static void read(const char* name, const Json& json, std::vector<T>& values) {
    if (!json.is_array()) wrong(name, "a list", json);
    values.clear();
    for (const Json& entry : json) read(name, entry, values.emplace_back());
  }
  template <class T>
  requires std::is_class_v<T>
  static void read(const char*, const Json& json, T& value) {
    const Reader reader(json);
    members(reader, value);
  }

  const Json& json_;
};

}  // namespace

std::string to_json(const Record& record) {
  Writer writer;
  writer("schema_version", Record::schema_version);
  members(writer, record);
  // A message from elsewhere may hold bytes that are not UTF-8; that must not cost the whole record.
  return std::move(writer).result().dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Record record_from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    if (!json.is_object()) wrong("a record", "an object", json);
    const Reader reader(json);
    int version = 0;
    reader("schema_version", version);
    if (version != Record::schema_version) {
      throw StorageError(
          fmt::format("schema_version is {}, but this program reads {}", version, Record::schema_version));
    }
    Record record;
    members(reader, record);
    return record;
  } catch (const StorageError&) {
    throw;
  } catch (const std::exception& error) {
    throw StorageError(error.what());
  }
}

}  // namespace sdelens
