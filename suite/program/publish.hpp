#pragma once

#include <filesystem>
#include <string>

#include "sdelens/record/store.hpp"

namespace sdelens {

/// Removes folder/records/*.json of an earlier run.
/// @throw StorageError naming a file that cannot be removed
void remove_records(const std::filesystem::path& folder);

/// Writes claims.csv and the report into the run folder, prints the table of verdicts, the report's path and
/// the gate's answer, and returns the gate's exit code.
/// @param command  reproduces the whole run; empty where that is not known
int publish(const std::filesystem::path& folder, const StoredRecords& stored,
            const std::string& command = {});

}  // namespace sdelens
