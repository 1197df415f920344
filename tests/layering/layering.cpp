#include "tests/layering/layering.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace sdelens::layering {
namespace {

using Names = std::vector<std::string>;

/// The room of all folders of registered experiments: figures, lemmas, and whatever folder comes.
const std::string experiments = "experiments";

Names with_lib(Names names) {
  for (const char* room : {"core", "model", "statistics", "exact", "ensemble", "networks", "claim", "record"})
    names.emplace_back(room);
  return names;
}

/// Whom a room may include besides itself. A room is a folder of lib/ or of suite/, or one of the other top-level
/// folders; the folders of suite/ that are not named here hold registered experiments.
const std::map<std::string, Names>& graph() {
  static const std::map<std::string, Names> rooms{
      {"core", {}},
      {"model", {"core"}},
      {"statistics", {"core"}},
      {"exact", {"model", "core"}},
      {"ensemble", {"model", "statistics", "core"}},
      {"networks", {"model", "core"}},
      {"claim", {"core"}},
      {"record", {"claim", "core"}},
      {"reference", {"core"}},
      {"reports", {"record", "claim", "core"}},
      {"suite/predictions", with_lib({"reference"})},
      {"suite/study", with_lib({"suite/predictions", "reference"})},
      {experiments, with_lib({"suite/study", "suite/predictions", "reference"})},
      {"suite/program", with_lib({"suite/study", "suite/predictions", "reference", "reports"})},
      {"suite/commands",
       with_lib({"suite/program", "suite/study", "suite/predictions", "reference", "reports"})},
  };
  return rooms;
}

bool holds_experiments(const std::string& room) { return room == experiments; }

/// Why a room is shut to others; empty where the graph says it all.
std::string reason_of(const std::string& room) {
  if (room == "reference") return "; predictions share no code with the simulation that they judge";
  if (room == "reports")
    return "; a report is made from records alone, so that it can be made again without a run";
  if (room == "core") return "; everything stands on core, so it stands on nothing";
  if (room == "suite/predictions") return "; experiments and simulate ask predictions, which know neither";
  if (room == "suite/study" || holds_experiments(room))
    return "; an experiment orders ensembles and judges them, and what runs it is not its business";
  if (room == "suite/program") return "; a command is one file, and nothing stands on it";
  return {};
}

/// A folder of suite/ by its name; "suite" for what lies in suite/ itself, and for its benchmarks.
std::string room_of_suite(const std::string& folder) {
  static const Names others{"predictions", "study", "program", "commands"};
  if (folder.empty() || folder == "perf") return "suite";
  return std::ranges::find(others, folder) == others.end() ? experiments : "suite/" + folder;
}

std::string room_of_path(const std::string& path) {
  const std::size_t slash = path.find('/');
  const std::string top = path.substr(0, slash);
  if (top != "lib" && top != "suite") return top;
  const std::size_t end = path.find('/', slash + 1);
  const std::string folder = end == std::string::npos ? "" : path.substr(slash + 1, end - slash - 1);
  if (top == "suite") return room_of_suite(folder);
  return folder.empty() ? "lib" : folder;
}

/// The room of an included file; nothing if it is none of ours.
std::optional<std::string> room_of_include(const std::string& included) {
  static const std::regex ours{R"((?:sdelens/(\w+)|(reference|reports|suite|tests))/.*)"};
  std::smatch match;
  if (!std::regex_match(included, match, ours)) return {};
  return match[1].matched ? match[1].str() : room_of_path(included);
}

std::string list(const Names& names) {
  std::string result;
  for (const std::string& name : names) result += ", " + name;
  return result;
}

/// A pattern that no line of the code in some folders may match.
struct Ban {
  std::string rule;
  std::regex pattern;
  Names rooms;  ///< where it holds; empty: everywhere
  std::string message;
};

const std::vector<Ban>& bans() {
  static const Names libraries = with_lib({"reference"});
  static const Names programs{"suite/program", "suite/commands"};
  static const Names silent{experiments, "suite/study", "suite/predictions"};
  static const std::vector<Ban> all{
      {"parent include",
       std::regex{R"(^\s*#\s*include\s*["<][^">]*\.\.(/|[">]))"},
       {},
       "includes are written from the root, never with '..'"},
      {"lib include",
       std::regex{R"(^\s*#\s*include\s*["<]lib/)"},
       {},
       "write \"sdelens/...\" for \"lib/...\": the same line must work in an installed package"},
      {"rooted include",
       std::regex{
           R"re(^\s*#\s*include\s*"(?!(sdelens|lib|reference|reports|suite|tests)/|sdelens_\w+\.hpp"|[^"]*\.\./))re"},
       {},
       "includes in quotes start with sdelens/, reference/, reports/, suite/ or tests/, or name a generated "
       "sdelens_*.hpp; others take <>"},
      {"standard distribution",
       std::regex{R"(\bstd\s*::\s*\w+_distribution\b)"},
       {},
       "the algorithms of standard distributions differ between libraries, so results do too; draw with "
       "sdelens/core/random.hpp"},
      {"random device",
       std::regex{R"(\bstd\s*::\s*random_device\b)"},
       {},
       "a draw is a pure function of (seed, stream, replica, step, coordinate); take the seed from the "
       "settings"},
      {"rand",
       std::regex{R"((^|[^\w.>:])(std\s*::\s*)?s?rand\s*\()"},
       {},
       "rand() has hidden state and differs between libraries; draw with sdelens/core/random.hpp"},
      {"printing library",
       std::regex{R"(\bstd\s*::\s*(cout|cerr|clog)\b|\b[fv]?printf\s*\(|\bf?puts\s*\(|\bfmt\s*::\s*print\b)"
                  R"(|^\s*#\s*include\s*<(iostream|print)>)"},
       libraries, "libraries return and throw; only the program prints"},
      {"printing experiment",
       std::regex{R"(\bstd\s*::\s*(cout|cerr|clog)\b|\b[fv]?printf\s*\(|\bf?puts\s*\(|\bfmt\s*::\s*print\b)"
                  R"(|^\s*#\s*include\s*<(iostream|fstream|print|cstdio|stdio\.h|filesystem|fmt/os\.h)>)"
                  R"(|^\s*#\s*include\s*"sdelens/record/store\.hpp)"},
       silent, "an experiment writes to its findings only, so that every number is in a record"},
      {"printing command",
       std::regex{R"(\bstd\s*::\s*(cout|cerr|clog)\b|\b[fv]?printf\s*\(|\bf?puts\s*\(|\bfmt\s*::\s*print\b)"
                  R"(|^\s*#\s*include\s*<(iostream|print)>)"},
       programs,
       "print with suite/program/streams.hpp: a stream that fails costs no run, and no control character "
       "from a "
       "file reaches a terminal"},
  };
  return all;
}

bool holds_in(const Ban& ban, const std::string& room) {
  return ban.rooms.empty() || std::ranges::find(ban.rooms, room) != ban.rooms.end();
}

/// What the graph has against this file including that one; nothing if it may.
std::optional<std::string> graph_problem(const std::string& path, const std::string& included) {
  const std::string from = room_of_path(path);
  const std::optional<std::string> to = room_of_include(included);
  if (!to || *to == from || from == "tests") return {};
  if (*to == "tests") return "only tests include tests";
  const auto room = graph().find(from);
  if (room == graph().end()) return {};
  if (std::ranges::find(room->second, *to) != room->second.end()) return {};
  return from + " may include only " + from + list(room->second) + ", not " + *to + reason_of(from);
}

void check_file(const std::filesystem::path& root, const std::string& path, std::vector<Violation>& found) {
  std::ifstream stream(root / path, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + (root / path).string());
  const std::string raw{std::istreambuf_iterator<char>(stream), {}};
  if (path.starts_with("lib/") && !graph().contains(room_of_path(path)))
    found.push_back(
        {path, 1, "unknown room",
         "lib/ has no room of this name; add it to the graph and to " + std::string("lib/CMakeLists.txt")});
  const std::string room = room_of_path(path), code_text = code_of(raw);
  if (holds_experiments(room) && code_text.find("Register<Experiment>") == std::string::npos)
    found.push_back(
        {path, 1, "experiments only",
         "a folder of experiments holds files that register one; what several share is in suite/study"});
  constexpr std::size_t most_lines = 80;
  for (const Function& function :
       path.starts_with("tests/") ? std::vector<Function>{} : functions_of(code_text)) {
    if (function.lines > most_lines)
      found.push_back({path, function.line, "long function",
                       std::to_string(function.lines) + " lines in a function; at most " +
                           std::to_string(most_lines) + ", so that it is seen as a whole"});
  }
  static const std::regex include{R"(^\s*#\s*include\s*["<]([^">]+)[">].*)"};
  std::istringstream code(code_text);
  std::string line;
  for (std::size_t number = 1; std::getline(code, line); ++number) {
    std::smatch match;
    if (std::regex_match(line, match, include)) {
      if (const auto problem = graph_problem(path, match[1]))
        found.push_back({path, number, "graph", *problem});
    }
    for (const Ban& ban : bans()) {
      if (holds_in(ban, room) && std::regex_search(line, ban.pattern))
        found.push_back({path, number, ban.rule, ban.message});
    }
  }
}

}  // namespace

std::vector<std::string> sources(const std::filesystem::path& root) {
  std::vector<std::string> result;
  for (const char* top : {"lib", "reference", "reports", "suite", "tests"}) {
    if (!std::filesystem::is_directory(root / top)) continue;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
      const std::filesystem::path extension = entry.path().extension();
      if (entry.is_regular_file() && (extension == ".cpp" || extension == ".hpp"))
        result.push_back(entry.path().lexically_relative(root).generic_string());
    }
  }
  std::ranges::sort(result);
  return result;
}

std::vector<Violation> violations(const std::filesystem::path& root) {
  std::vector<Violation> found;
  for (const std::string& path : sources(root)) check_file(root, path, found);
  return found;
}

std::vector<std::string> rules() {
  std::vector<std::string> result{"graph", "unknown room", "experiments only", "long function"};
  for (const Ban& ban : bans()) result.push_back(ban.rule);
  return result;
}

std::string text(const std::vector<Violation>& violations) {
  std::ostringstream result;
  for (const Violation& violation : violations)
    result << violation.file << ':' << violation.line << ": " << violation.message << '\n';
  return result.str();
}

}  // namespace sdelens::layering
