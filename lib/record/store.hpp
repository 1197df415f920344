#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sdelens/record/record.hpp"

namespace sdelens {

/// A file or folder cannot be read or written. The message names it and the reason.
class StorageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes the whole file or nothing: to a neighbour first, then fsync, then rename.
/// @throw StorageError naming the file; no part of the new file is left then
void write_file(const std::filesystem::path& path, std::string_view contents);

/// Makes the folder where it is missing and writes and removes a probe file in it.
/// @throw StorageError if the folder cannot be made or written
void require_writable(const std::filesystem::path& folder);

std::string to_json(const Record& record);
/// @throw StorageError if the text is not JSON, not a record, or of another schema version
Record record_from_json(std::string_view text);

/// Writes folder/records/<experiment>.json.
void write_record(const std::filesystem::path& folder, const Record& record);

/// The records of folder/records, sorted by experiment, and what could not be read: the file and the reason.
struct StoredRecords {
  std::vector<Record> records;
  struct Damage {
    std::filesystem::path file;
    std::string reason;
  };
  std::vector<Damage> damaged;
};
/// @throw StorageError if there is no folder/records
StoredRecords read_records(const std::filesystem::path& folder);

/// Writes folder/claims.csv with the columns claim,experiment,paper,item,relation,prediction,estimate,
/// standard_error,margin,resolution,expected,verdict; one row for each check, in the order given.
void write_claims_csv(const std::filesystem::path& folder, std::span<const Record> records);

/// This machine, compiler and revision; threads and start as given.
Environment describe_environment(int threads, std::string started);

}  // namespace sdelens
