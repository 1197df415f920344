#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sdelens/core/batch.hpp"

namespace sdelens {

using Bytes = std::vector<std::byte>;

/// Bytes are not what they should be: damaged, truncated, of something else, or of another version. The message
/// names what was to be read and what is wrong with the bytes.
class UnreadableBytes : public std::runtime_error {
 public:
  UnreadableBytes(std::string_view kind, std::string_view problem);
};

/// Writes numbers and texts as bytes, in the same order on every machine: 64 bits little-endian for a whole number
/// and for the bits of a real one (a NaN keeps its own), length and characters for a text.
class ByteWriter {
 public:
  void whole(std::uint64_t value);
  void real(double value);
  void reals(std::span<const double> values);
  void text(std::string_view value);
  /// Rows, columns, and the values column by column.
  void batch(In values);

  /// What was written, between the mark of this format and a checksum (CRC-32 of ISO 3309), so that a ByteReader
  /// of the same kind and version takes it and no other does.
  Bytes sealed(std::string_view kind, std::uint64_t version) const;

 private:
  Bytes bytes_;
};

/// Reads in the order of writing. The bytes must outlive it.
class ByteReader {
 public:
  /// @throw UnreadableBytes unless the bytes are whole, undamaged, and were sealed as this kind and version
  ByteReader(std::string_view kind, std::uint64_t version, std::span<const std::byte> sealed);

  // Each throws UnreadableBytes if fewer bytes are left than it needs.
  std::uint64_t whole();
  double real();
  void reals(std::span<double> values);
  std::string text();
  /// @throw UnreadableBytes if the batch that was written has another shape
  void batch(Out values);
  /// @throw UnreadableBytes if anything is left
  void finish() const;

  /// For what only the caller can find wrong.
  [[noreturn]] void refuse(std::string_view problem) const;

 private:
  std::span<const std::byte> next(std::uint64_t count);

  std::string kind_;
  std::span<const std::byte> left_;
};

/// A value that writes itself, sealed as what its type says it is: T::kind and T::version.
template <class T>
Bytes sealed_bytes(const T& value) {
  ByteWriter writer;
  value.write(writer);
  return writer.sealed(T::kind, T::version);
}

/// The value of sealed_bytes.
/// @throw UnreadableBytes
template <class T>
T value_of_bytes(std::span<const std::byte> bytes) {
  ByteReader reader(T::kind, T::version, bytes);
  T result = T::read(reader);
  reader.finish();
  return result;
}

/// CRC-32 of ISO 3309.
std::uint32_t checksum(std::span<const std::byte> bytes);

}  // namespace sdelens
