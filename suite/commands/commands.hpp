#pragma once

#include <functional>
#include <string>
#include <vector>

#include "suite/experiment.hpp"

namespace CLI {
class App;
}

namespace sdelens {

/// Each function adds one command of the program to `app`; when the command is given its exit code goes to
/// `exit_code`. What a user can do wrong is thrown as std::invalid_argument before anything is written.
void add_list(CLI::App& app, int& exit_code);
void add_info(CLI::App& app, int& exit_code);
void add_run(CLI::App& app, int& exit_code);
void add_report(CLI::App& app, int& exit_code);
void add_errata(CLI::App& app, int& exit_code);
void add_simulate(CLI::App& app, int& exit_code);

/// Registered experiments by id and by regular expression (searched in the id); all of them if neither is
/// given.
/// @throw UnknownName for an unknown id, or a filter that selects nothing; std::invalid_argument for a filter
///        that is not a regular expression
std::vector<const Experiment*> select(const std::vector<std::string>& ids, const std::string& filter);

/// key=value or key=value,value: "eta=1e-3", "x0=0.25,0.125".
/// @throw std::invalid_argument unless the text has this form with numbers
Parameters parse_changes(const std::vector<std::string>& texts);

}  // namespace sdelens
