#pragma once

#include <string>
#include <vector>

#include "reports/plots/picture.hpp"
#include "reports/report.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens::reports {

/// The report as one page that needs neither a network nor JavaScript: pictures and style are in it.
/// Well-formed as XML, too.
/// @param pictures  for each record those of its figures, see draw_pictures
/// @param settings  title, command, ledger and errata, each of the last three left out if empty
std::string html_page(const StoredRecords& stored, const std::vector<std::vector<Picture>>& pictures,
                      const ReportSettings& settings);

}  // namespace sdelens::reports
