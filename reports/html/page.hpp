#pragma once

#include <string>
#include <vector>

#include "reports/plots/picture.hpp"
#include "reports/report.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens::reports {

/// The report as one page that needs neither a network nor JavaScript: pictures and style are in it. Its body is the
/// registered sections that apply, see section.hpp. Well-formed as XML, too.
/// @param pictures  for each record those of its figures, see draw_pictures
std::string html_page(const StoredRecords& stored, const std::vector<std::vector<Picture>>& pictures,
                      const ReportSettings& settings);

/// The page of a run that begins. It is never green.
std::string html_in_progress(const RunDescription& description);

}  // namespace sdelens::reports
