#pragma once

#include <string>

namespace CLI {
class App;
}

namespace sdelens {

/// @throw UnknownName unless the program has a command of this name; the message quotes the nearest
void require_command(const CLI::App& app, const std::string& name);

}  // namespace sdelens
