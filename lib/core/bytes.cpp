#include "sdelens/core/bytes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>

namespace sdelens {
namespace {

constexpr std::string_view mark = "sdelens\n";
constexpr std::size_t word = sizeof(std::uint64_t);
constexpr std::size_t checksum_size = sizeof(std::uint32_t);

void append(Bytes& bytes, std::string_view characters) {
  const auto added = std::as_bytes(std::span(characters));
  bytes.insert(bytes.end(), added.begin(), added.end());
}

void append_little(Bytes& bytes, std::uint64_t value) {
  unsigned char added[word];
  boost::endian::store_little_u64(added, value);
  append(bytes, {reinterpret_cast<const char*>(added), word});
}

std::uint64_t little(std::span<const std::byte> bytes) {
  return boost::endian::load_little_u64(reinterpret_cast<const unsigned char*>(bytes.data()));
}

/// Throws unless the bytes are a mark, a length, that many bytes, and their checksum; returns those between.
std::span<const std::byte> unsealed(std::string_view kind, std::span<const std::byte> bytes) {
  const auto expected = std::as_bytes(std::span(mark));
  const auto begins = std::min(bytes.size(), mark.size());
  if (!std::ranges::equal(bytes.first(begins), expected.first(begins))) {
    throw UnreadableBytes(kind, "do not begin with the mark of sdelens");
  }
  constexpr std::size_t around = mark.size() + word + checksum_size;
  if (bytes.size() < around) {
    throw UnreadableBytes(kind, fmt::format("are {}, but even empty ones are {}", bytes.size(), around));
  }
  const std::uint64_t length = little(bytes.subspan(mark.size()));
  if (length != bytes.size() - around) {
    throw UnreadableBytes(kind, fmt::format("are {} with a content of {}, but their header says {}",
                                            bytes.size(), bytes.size() - around, length));
  }
  const auto sealed = bytes.first(bytes.size() - checksum_size);
  const std::uint32_t stored = boost::endian::load_little_u32(
      reinterpret_cast<const unsigned char*>(bytes.last(checksum_size).data()));
  if (const std::uint32_t computed = checksum(sealed); computed != stored) {
    throw UnreadableBytes(
        kind, fmt::format("are damaged: their checksum is {:08x}, but {:08x} is stored", computed, stored));
  }
  return sealed.subspan(mark.size() + word);
}

}  // namespace

UnreadableBytes::UnreadableBytes(std::string_view kind, std::string_view problem)
    : std::runtime_error(fmt::format("bytes of {} {}", kind, problem)) {}

std::uint32_t checksum(std::span<const std::byte> bytes) {
  boost::crc_32_type result;
  result.process_bytes(bytes.data(), bytes.size());
  return result.checksum();
}

void ByteWriter::whole(std::uint64_t value) { append_little(bytes_, value); }

void ByteWriter::real(double value) { append_little(bytes_, std::bit_cast<std::uint64_t>(value)); }

void ByteWriter::reals(std::span<const double> values) {
  for (const double value : values) real(value);
}

void ByteWriter::text(std::string_view value) {
  whole(value.size());
  append(bytes_, value);
}

void ByteWriter::batch(In values) {
  whole(static_cast<std::uint64_t>(values.rows()));
  whole(static_cast<std::uint64_t>(values.cols()));
  for (Index column = 0; column < values.cols(); ++column) {
    for (Index row = 0; row < values.rows(); ++row) real(values(row, column));
  }
}

Bytes ByteWriter::sealed(std::string_view kind, std::uint64_t version) const {
  ByteWriter content;
  content.text(kind);
  content.whole(version);
  Bytes result;
  result.reserve(mark.size() + word + content.bytes_.size() + bytes_.size() + checksum_size);
  append(result, mark);
  append_little(result, content.bytes_.size() + bytes_.size());
  result.insert(result.end(), content.bytes_.begin(), content.bytes_.end());
  result.insert(result.end(), bytes_.begin(), bytes_.end());
  unsigned char last[checksum_size];
  boost::endian::store_little_u32(last, checksum(result));
  append(result, {reinterpret_cast<const char*>(last), checksum_size});
  return result;
}

ByteReader::ByteReader(std::string_view kind, std::uint64_t version, std::span<const std::byte> sealed)
    : kind_(kind), left_(unsealed(kind, sealed)) {
  if (const std::string found = text(); found != kind) refuse(fmt::format("are those of {}", found));
  if (const std::uint64_t found = whole(); found != version) {
    refuse(fmt::format("have version {}, but only version {} can be read", found, version));
  }
}

std::span<const std::byte> ByteReader::next(std::uint64_t count) {
  if (count > left_.size()) refuse(fmt::format("end where {} more are needed", count - left_.size()));
  const auto result = left_.first(count);
  left_ = left_.subspan(count);
  return result;
}

std::uint64_t ByteReader::whole() { return little(next(word)); }

double ByteReader::real() { return std::bit_cast<double>(whole()); }

void ByteReader::reals(std::span<double> values) {
  for (double& value : values) value = real();
}

std::string ByteReader::text() {
  const auto characters = next(whole());
  return {reinterpret_cast<const char*>(characters.data()), characters.size()};
}

void ByteReader::batch(Out values) {
  const std::uint64_t rows = whole();
  const std::uint64_t columns = whole();
  if (rows != static_cast<std::uint64_t>(values.rows()) ||
      columns != static_cast<std::uint64_t>(values.cols())) {
    refuse(
        fmt::format("hold a batch of {} x {}, not of {} x {}", rows, columns, values.rows(), values.cols()));
  }
  for (Index column = 0; column < values.cols(); ++column) {
    for (Index row = 0; row < values.rows(); ++row) values(row, column) = real();
  }
}

void ByteReader::finish() const {
  if (!left_.empty()) refuse(fmt::format("go on for {} where they should end", left_.size()));
}

void ByteReader::refuse(std::string_view problem) const { throw UnreadableBytes(kind_, problem); }

}  // namespace sdelens
