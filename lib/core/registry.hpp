#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "sdelens/core/nearest.hpp"

namespace sdelens {

/// Where an entry was registered; quoted when two entries share a name.
struct Site {
  const char* file;
  int line;
  static constexpr Site here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) {
    return {file, line};
  }
};

/// All entries of one kind, sorted by name. `Entry` has a member `std::string name` and a static member
/// function `kind()` that names the kind in messages ("optimizer").
/// Entries arrive before main() through `Register`; from then on the registry is read only.
template <class Entry>
class Registry {
 public:
  /// @throw std::logic_error if two entries share a name or one has a fault; the message quotes the places
  static const Registry& all() {
    const Registry& registry = instance();
    if (!registry.conflict_.empty()) throw std::logic_error(registry.conflict_);
    return registry;
  }

  /// @throw UnknownName with the nearest names
  const Entry& at(std::string_view name) const {
    const auto found = std::ranges::lower_bound(entries_, name, {}, &Entry::name);
    if (found == entries_.end() || found->name != name) throw UnknownName(Entry::kind(), name, names());
    return *found;
  }

  std::span<const Entry> entries() const { return entries_; }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const Entry& entry : entries_) result.push_back(entry.name);
    return result;
  }

  /// Adds an entry; used by `Register`, and by tests on a registry of their own. An entry that finds fault with itself, by
  /// a member `std::string fault() const` that is not empty, is a conflict too.
  void add(Entry entry, Site site) {
    if constexpr (requires { entry.fault(); }) {
      if (const std::string fault = entry.fault(); !fault.empty()) {
        conflict_ =
            fmt::format("{} '{}' at {}:{}: {}", Entry::kind(), entry.name, site.file, site.line, fault);
        return;
      }
    }
    const auto place = std::ranges::lower_bound(entries_, entry.name, {}, &Entry::name);
    const auto offset = place - entries_.begin();
    if (place != entries_.end() && place->name == entry.name) {
      const Site first = sites_[static_cast<std::size_t>(offset)];
      conflict_ = fmt::format("{} '{}' registered at {}:{} and {}:{}", Entry::kind(), entry.name, first.file,
                              first.line, site.file, site.line);
      return;
    }
    entries_.insert(place, std::move(entry));
    sites_.insert(sites_.begin() + offset, site);
  }

  /// What two entries of one name, or an entry with a fault, gave as a message; empty if there are none.
  const std::string& conflict() const { return conflict_; }

 private:
  template <class>
  friend struct Register;
  static Registry& instance() {
    static Registry registry;
    return registry;
  }

  std::vector<Entry> entries_;
  std::vector<Site> sites_;
  std::string conflict_;
};

/// Registers an entry from a variable of namespace scope; the file that holds it is the only one to touch.
template <class Entry>
struct Register {
  explicit Register(Entry entry, Site site = Site::here()) {
    Registry<Entry>::instance().add(std::move(entry), site);
  }
};

}  // namespace sdelens
