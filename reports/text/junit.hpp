#pragma once

#include <string>

#include "sdelens/record/run_description.hpp"
#include "sdelens/record/store.hpp"

namespace sdelens::reports {

/// The report as JUnit XML: a test suite for each experiment, a test case for each claim. A claim that is not as
/// expected is a failure of type "fail", "pass" (though it should be refuted) or "unresolved"; a claim with an error
/// is an error. An experiment that was skipped, did not complete or ended with an error has one more case that says
/// so, and so has each damaged record, in a suite of their own.
std::string junit_xml(const StoredRecords& stored);

/// Of a run that begins: one test case with an error of type "in progress".
std::string junit_in_progress(const RunDescription& description);

}  // namespace sdelens::reports
