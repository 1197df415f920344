#pragma once

/// Does not compile alone, on purpose: `layering.headers_alone_twin` requires that.
struct NeedsString {
  std::string name;
};
