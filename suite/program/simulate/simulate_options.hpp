#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sdelens/core/parameters.hpp"

namespace sdelens {

/// A registered entry as a user names it: "quadratic:1,3", "student-t:nu=1.5,sigma=0.1/0.2".
struct Specification {
  std::string name;
  /// For the first parameter that the entry reads.
  std::vector<double> values{};
  Parameters parameters{};
};

/// NAME, NAME:VALUE,VALUE,... or NAME:KEY=VALUE/VALUE/...,KEY=...
/// @param option  begins every message: "--noise"
/// @throw std::invalid_argument unless the text has this form with numbers
Specification parse_specification(const std::string& option, const std::string& text);

/// VALUE,VALUE,...
/// @throw std::invalid_argument unless every entry is a number
std::vector<double> parse_numbers(const std::string& option, const std::string& text, char separator = ',');

/// The parameters of a specification; `values` go to the first of `known`.
/// @throw std::invalid_argument if there are values and the entry has no parameter
Parameters parameters_of(const Specification& specification, const std::vector<ParameterDescription>& known);

/// What a user asks of `simulate`, on the command line or in a file. What is empty was not given.
struct SimulateOptions {
  std::optional<std::string> optimizer{}, sde{}, integrator{}, normals{};
  std::optional<Specification> landscape{}, noise{}, schedule{};
  Parameters set{};  ///< eta, and parameters of the optimizer and of the SDE
  std::optional<std::vector<double>> x0{};
  std::optional<std::uint64_t> sde_steps{}, runs{}, steps{}, seed{}, threads{};
  std::optional<double> window{};
  std::optional<std::filesystem::path> out{};

  /// These options where they are given, the others elsewhere; `set` key by key.
  SimulateOptions over(SimulateOptions other) const;
};

/// Reads a TOML file. Keys are the long options; a landscape, noise or schedule is a text as on the command line or a
/// table with `name` and the parameters; `set` is a table.
/// @throw std::invalid_argument for a file that cannot be read, is not TOML, has an unknown key or a value of a wrong
///        type: FILE:LINE:COLUMN and the nearest key, or what was expected
SimulateOptions read_simulate_config(const std::filesystem::path& path);

}  // namespace sdelens
