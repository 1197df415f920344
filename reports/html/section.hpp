#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/plots/picture.hpp"
#include "reports/report.hpp"
#include "sdelens/core/registry.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens::reports {

/// What a section is made from: all that is read of a run's folder, and nothing else.
struct PageContents {
  const StoredRecords& stored;
  /// For each record those of its figures, see draw_pictures.
  const std::vector<std::vector<Picture>>& pictures;
  const ReportSettings& settings;
};

/// A registered part of the page. Each is one file of reports/sections/.
struct Section {
  std::string name;  ///< the id of its element where it has a heading; unique
  int order;         ///< sections stand on the page by this key, each its own, in steps of a hundred
  /// Its entry in the contents, which links to its id; empty: it has neither.
  std::string heading{};
  /// Whether there is anything to show; always if it is not given.
  std::function<bool(const PageContents&)> applies{};
  /// Its markup, well-formed as XML; asked for only where it applies. What is not ours is escaped.
  std::function<std::string(const PageContents&)> markup;
  /// The section in a clause for the top of the page, which links to it: "3 of 4 statements have a verdict".
  std::function<std::string(const PageContents&)> answer{};
  /// Entries of the contents for what is in it, under headings of their own.
  std::function<std::string(const PageContents&)> contents{};
  static constexpr const char* kind() { return "section of the report"; }
};

/// Sorted by their order.
/// @throw std::logic_error if two share an order, naming both
std::vector<const Section*> in_order(std::vector<const Section*> sections);

/// The registered ones that apply, in the order of the page.
/// @throw std::logic_error if two share a name or an order
std::vector<const Section*> sections_of(const PageContents& page);

}  // namespace sdelens::reports
