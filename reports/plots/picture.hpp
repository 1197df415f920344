#pragma once

#include <span>
#include <string>
#include <vector>

#include "reports/plots/script.hpp"
#include "sdelens/record/record.hpp"

namespace sdelens::reports {

/// A figure of a record with its files' contents.
struct Picture {
  std::string stem;  ///< "<experiment>-<figure>": the files' names without extension, unique in a report
  PictureSize size;
  std::string svg, pdf, csv;
  std::vector<std::string> notes;  ///< what the picture does not show
  std::string problem;             ///< why there is no picture; empty if there is one
};

/// The pictures of all figures: for each record one for each figure, in their order. After a figure at which gnuplot did
/// not come to its end no other is drawn.
/// @param gnuplot  the program, see run_gnuplot; no picture is drawn if it is empty
std::vector<std::vector<Picture>> draw_pictures(std::span<const Record> records, const std::string& gnuplot);

}  // namespace sdelens::reports
