#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/lib/record/temporary_folder.hpp"

namespace sdelens {

/// Compares a text with the approved file of that name. With SDELENS_APPROVE set in the environment the file is
/// written instead, to be reviewed as a difference.
inline void expect_approved(const std::string& name, const std::string& text) {
  const std::filesystem::path file =
      std::filesystem::path(SDELENS_SOURCE_DIR) / "tests" / "reports" / "approved" / name;
  if (std::getenv("SDELENS_APPROVE") != nullptr) {
    std::ofstream(file, std::ios::binary) << text;
    GTEST_SKIP() << name << " was written, not compared";
  }
  EXPECT_EQ(read_text(file), text) << "run with SDELENS_APPROVE=1 and review the difference";
}

}  // namespace sdelens
