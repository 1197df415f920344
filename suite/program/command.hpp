#pragma once

#include <functional>
#include <string>

#include "sdelens/core/registry.hpp"

namespace CLI {
class App;
}

namespace sdelens {

/// One command of the program: a file in suite/commands/ that registers it.
struct Command {
  std::string name;
  /// Adds the command to `app`; when it is given, its exit code goes to `exit_code`. What a user can do wrong is thrown
  /// as std::invalid_argument before anything is written.
  std::function<void(CLI::App& app, int& exit_code)> add;
  static constexpr const char* kind() { return "command"; }
};

}  // namespace sdelens
