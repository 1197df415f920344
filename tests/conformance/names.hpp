#pragma once

#include <gtest/gtest.h>

#include <cctype>
#include <string>

#include "sdelens/core/registry.hpp"

namespace sdelens::test {

/// One test for each entry of a registry, by name.
template <class Entry>
auto registered() {
  return testing::ValuesIn(Registry<Entry>::all().names());
}

/// A name with everything but letters and digits replaced, as GoogleTest wants it.
inline std::string identifier(const testing::TestParamInfo<std::string>& parameter) {
  std::string result = parameter.param;
  for (char& letter : result) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return result;
}

}  // namespace sdelens::test
