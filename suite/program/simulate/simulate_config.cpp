#include <fmt/format.h>
#include <toml++/toml.h>

#include <limits>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "sdelens/core/nearest.hpp"
#include "suite/program/simulate/simulate_options.hpp"

namespace sdelens {
namespace {

/// One value of the file, with the place that messages name.
class Entry {
 public:
  Entry(const std::string& file, std::string key, const toml::node& node)
      : file_(file), key_(std::move(key)), node_(node) {}

  std::string text() const {
    if (const auto value = node_.value_exact<std::string>()) return *value;
    throw wrong("a text");
  }
  double number() const {
    if (node_.is_number()) return *node_.value<double>();
    throw wrong("a number");
  }
  std::uint64_t count() const {
    const auto value = node_.value_exact<std::int64_t>();
    if (!value || *value < 0) throw wrong("a whole number, not negative");
    return static_cast<std::uint64_t>(*value);
  }
  /// One number or a list of numbers.
  std::vector<double> numbers() const {
    const toml::array* const list = node_.as_array();
    if (list == nullptr) {
      if (!node_.is_number()) throw wrong("a number or a list of numbers");
      return {number()};
    }
    if (list->empty()) throw wrong("a list of at least one number");
    std::vector<double> result;
    for (const toml::node& entry : *list) result.push_back(Entry(file_, key_, entry).number());
    return result;
  }
  Parameters parameters() const {
    const toml::table* const table = node_.as_table();
    if (table == nullptr) throw wrong("a table");
    Parameters result;
    for (const auto& [key, value] : *table) {
      result[std::string(key.str())] = Entry(file_, fmt::format("{}.{}", key_, key.str()), value).numbers();
    }
    return result;
  }
  /// A text as on the command line, or a table with `name`.
  Specification specification() const {
    if (node_.is_string()) return parse_specification(place() + key_, text());
    const toml::table* const table = node_.as_table();
    if (table == nullptr) throw wrong("a text or a table with a name");
    const toml::node* const name = table->get("name");
    if (name == nullptr) throw wrong("a table with a name");
    Specification result{.name = Entry(file_, key_ + ".name", *name).text()};
    for (const auto& [key, value] : *table) {
      if (key.str() == "name") continue;
      result.parameters[std::string(key.str())] =
          Entry(file_, fmt::format("{}.{}", key_, key.str()), value).numbers();
    }
    return result;
  }

 private:
  std::string place() const {
    const toml::source_position& begin = node_.source().begin;
    return fmt::format("{}:{}:{}: ", file_, begin.line, begin.column);
  }
  std::string found() const {
    std::ostringstream stream;
    stream << node_.type();
    return stream.str();
  }
  std::invalid_argument wrong(const std::string& expected) const {
    return std::invalid_argument(fmt::format("{}{} must be {}, but is {} {}", place(), key_, expected,
                                             found() == "integer" || found() == "array" ? "an" : "a",
                                             found()));
  }

  const std::string& file_;
  std::string key_;
  const toml::node& node_;
};

using Read = void (*)(SimulateOptions&, const Entry&);

const std::map<std::string, Read, std::less<>>& keys() {
  static const std::map<std::string, Read, std::less<>> all{
      {"optimizer", [](SimulateOptions& o, const Entry& e) { o.optimizer = e.text(); }},
      {"landscape", [](SimulateOptions& o, const Entry& e) { o.landscape = e.specification(); }},
      {"noise", [](SimulateOptions& o, const Entry& e) { o.noise = e.specification(); }},
      {"schedule", [](SimulateOptions& o, const Entry& e) { o.schedule = e.specification(); }},
      {"set", [](SimulateOptions& o, const Entry& e) { o.set = e.parameters(); }},
      {"x0", [](SimulateOptions& o, const Entry& e) { o.x0 = e.numbers(); }},
      {"sde", [](SimulateOptions& o, const Entry& e) { o.sde = e.text(); }},
      {"integrator", [](SimulateOptions& o, const Entry& e) { o.integrator = e.text(); }},
      {"sde-steps", [](SimulateOptions& o, const Entry& e) { o.sde_steps = e.count(); }},
      {"runs", [](SimulateOptions& o, const Entry& e) { o.runs = e.count(); }},
      {"steps", [](SimulateOptions& o, const Entry& e) { o.steps = e.count(); }},
      {"window", [](SimulateOptions& o, const Entry& e) { o.window = e.number(); }},
      {"normals", [](SimulateOptions& o, const Entry& e) { o.normals = e.text(); }},
      {"seed", [](SimulateOptions& o, const Entry& e) { o.seed = e.count(); }},
      {"threads", [](SimulateOptions& o, const Entry& e) { o.threads = e.count(); }},
      {"out", [](SimulateOptions& o, const Entry& e) { o.out = e.text(); }}};
  return all;
}

}  // namespace

SimulateOptions read_simulate_config(const std::filesystem::path& path) {
  const std::string file = path.string();
  toml::table table;
  try {
    table = toml::parse_file(file);
  } catch (const toml::parse_error& problem) {
    const toml::source_position& begin = problem.source().begin;
    // A file that cannot be opened has no place in it.
    if (begin.line == 0) throw std::invalid_argument(fmt::format("{}: {}", file, problem.description()));
    throw std::invalid_argument(
        fmt::format("{}:{}:{}: {}", file, begin.line, begin.column, problem.description()));
  }
  std::vector<std::string> known;
  for (const auto& [key, read] : keys()) known.push_back(key);
  SimulateOptions options;
  for (const auto& [key, value] : table) {
    const auto found = keys().find(key.str());
    if (found == keys().end()) {
      const toml::source_position& begin = key.source().begin;
      throw std::invalid_argument(fmt::format("{}:{}:{}: {}", file, begin.line, begin.column,
                                              UnknownName("key", key.str(), known).what()));
    }
    found->second(options, Entry(file, found->first, value));
  }
  return options;
}

}  // namespace sdelens
