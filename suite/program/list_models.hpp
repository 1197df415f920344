#pragma once

#include <string>

namespace CLI {
class App;
}

namespace sdelens {

/// Which kinds of entries to list instead of the experiments.
struct ListedModels {
  bool optimizers = false, landscapes = false, noises = false, schedules = false, sdes = false;
  bool any() const { return optimizers || landscapes || noises || schedules || sdes; }
};

/// Adds --optimizers, --landscapes, ... to the command `list`.
void add_model_flags(CLI::App& list, ListedModels& models);

/// The registered entries of these kinds: name and reference, and below each parameter with its range and its default,
/// the first one being the one that `simulate` fills from NAME:VALUES.
std::string text_of(const ListedModels& models);

}  // namespace sdelens
