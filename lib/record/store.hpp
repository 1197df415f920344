#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
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

/// Writes the whole file or nothing: to a neighbour in the same folder first, then fsync, then rename, then
/// fsync of the folder. The folder must exist.
/// @throw StorageError naming the file and the reason, also if the path is there and not a regular file; no
///        part of the new file is left then, and an old one is as it was
void write_file(const std::filesystem::path& path, std::string_view contents);

/// Makes the folder where it is missing and writes and removes a probe file in it.
/// @throw StorageError if the folder cannot be made or written
void require_writable(const std::filesystem::path& folder);

/// A record as JSON, UTF-8. Every number reads back as itself; what is not finite is written as the text
/// "nan", "inf" or "-inf"; bytes that are not UTF-8 become U+FFFD.
std::string to_json(const Record& record);
/// The inverse of to_json, also for records of the former schema (Record::oldest_schema_version). Keys that a record
/// does not have are passed over.
/// @throw StorageError if the text is not JSON, not a record, or of a schema version that is not read, naming the
///        member by its path ("checks/0/verdict"), or the version found and those that are read; also if the numbers of
///        a check contradict its verdict
Record record_from_json(std::string_view text);

/// The contents of a regular file of at most `most_bytes`.
/// @throw StorageError with the reason, without the name
std::string read_file(const std::filesystem::path& path, std::uintmax_t most_bytes = 128UL << 20U);

/// Writes folder/records/<experiment>.json; makes the folders where they are missing.
/// @throw StorageError if it cannot be written, or the experiment's name is not one for a file (letters,
///        digits, '-', '_' and '.', no '.' in front)
void write_record(const std::filesystem::path& folder, const Record& record);

/// The records of folder/records/*.json, sorted by experiment, and what could not be read: the file and the
/// reason. Other files there, such as what a killed run left beside its target, are passed over.
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

/// Writes folder/claims.csv (UTF-8, quoted by RFC 4180, lines end in LF) with the columns
/// claim,experiment,paper,item,relation,prediction,estimate,standard_error,margin,resolution,expected,verdict;
/// one row for each check, in the order given.
/// @throw StorageError if it cannot be written
void write_claims_csv(const std::filesystem::path& folder, std::span<const Record> records);

/// This machine, compiler and revision; threads and start (UTC, ISO 8601) as given. What cannot be found out
/// is "unknown".
Environment describe_environment(int threads, std::string started);

}  // namespace sdelens
