#include "sdelens/core/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sdelens/core/nearest.hpp"

namespace sdelens {
namespace {

thread_local ParameterListener* listener = nullptr;

}  // namespace

ParameterListener::ParameterListener() : outer_(listener) { listener = this; }

ParameterListener::~ParameterListener() { listener = outer_; }

ParameterReader::ParameterReader(std::string owner, const Parameters& parameters)
    : owner_(std::move(owner)), parameters_(parameters) {}

double ParameterReader::scalar(std::string_view name, const Range& range, std::optional<double> fallback) {
  std::optional<std::vector<double>> fallback_list;
  if (fallback) fallback_list = {*fallback};
  const std::vector<double> values =
      read({.name = std::string(name), .range = range, .fallback = std::move(fallback_list)});
  if (values.size() != 1) throw InvalidParameter(owner_, name, "must be one number, but is a list");
  return values.front();
}

std::vector<double> ParameterReader::list(std::string_view name, const Range& range,
                                          std::optional<std::vector<double>> fallback) {
  return read({.name = std::string(name), .range = range, .list = true, .fallback = std::move(fallback)});
}

void ParameterReader::tell_listeners(const ParameterDescription& description) {
  for (ParameterListener* ear = listener; ear != nullptr; ear = ear->outer_) {
    if (std::ranges::find(ear->heard_, description.name, &ParameterDescription::name) == ear->heard_.end()) {
      ear->heard_.push_back(description);
    }
  }
}

std::vector<double> ParameterReader::read(const ParameterDescription& description) {
  tell_listeners(description);
  const auto& [name, range, is_list, fallback] = description;
  known_.emplace(name);
  const auto found = parameters_.find(name);
  if (found == parameters_.end() && !fallback) {
    throw InvalidParameter(owner_, name, "is missing, and must be in " + range.text());
  }
  const std::vector<double>& values = found == parameters_.end() ? *fallback : found->second;
  if (values.empty()) throw InvalidParameter(owner_, name, "is an empty list");
  for (const double value : values) require_in(range, owner_, name, value);
  return values;
}

bool ParameterReader::has(std::string_view name) const {
  for (ParameterListener* ear = listener; ear != nullptr; ear = ear->outer_) {
    if (std::ranges::find(ear->looked_for_, name) == ear->looked_for_.end()) {
      ear->looked_for_.emplace_back(name);
    }
  }
  return parameters_.contains(name);
}

void ParameterReader::finish() const {
  for (const auto& [name, values] : parameters_) {
    if (known_.contains(name)) continue;
    throw UnknownName("parameter of " + owner_, name, std::vector<std::string>(known_.begin(), known_.end()));
  }
}

std::vector<double> ParameterReader::optional_list(std::string_view name, const Range& range) {
  tell_listeners(
      {.name = std::string(name), .range = range, .list = true, .fallback = std::vector<double>{}});
  if (parameters_.contains(name)) return list(name, range);
  known_.emplace(name);
  return {};
}

bool ParameterReader::flag(std::string_view name, bool fallback) {
  const double value = scalar(name, Range::finite(), fallback ? 1.0 : 0.0);
  if (value != 0.0 && value != 1.0) {
    throw InvalidParameter(owner_, name, fmt::format("is {}, but must be 0 or 1", value));
  }
  return value == 1.0;
}

double entry(std::string_view owner, std::string_view name, const std::vector<double>& list,
             std::ptrdiff_t dimension, std::ptrdiff_t i) {
  if (list.size() != 1 && std::ssize(list) != dimension) {
    throw InvalidParameter(owner, name, "must have one entry, or one for each coordinate");
  }
  return list[list.size() == 1 ? 0 : static_cast<std::size_t>(i)];
}

}  // namespace sdelens
