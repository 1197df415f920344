#include "sdelens/core/bytes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

namespace sdelens {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

Bytes bytes_of(std::string_view text) {
  const auto view = std::as_bytes(std::span(text));
  return {view.begin(), view.end()};
}

Bytes sealed_numbers() {
  ByteWriter writer;
  writer.whole(0x0102030405060708);
  writer.real(1.0);
  return writer.sealed("numbers", 3);
}

auto refuses(const std::string& problem) {
  return ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of numbers " + problem));
}

// Of the standard's check value: CRC-32 of "123456789" is cbf43926.
TEST(Bytes, HaveTheChecksumOfTheStandard) { EXPECT_EQ(checksum(bytes_of("123456789")), 0xcbf43926U); }

TEST(Bytes, ComeBackAsTheyWere) {
  const Batch batch = (Batch(2, 3) << 1.0, 2.0, 3.0, 4.0, 5.0, std::nan("")).finished();
  const double payload = std::bit_cast<double>(0x7ff8'dead'beef'0001);
  const std::vector<double> numbers{-0.0, std::numeric_limits<double>::denorm_min(), INFINITY, payload};
  ByteWriter writer;
  const std::string_view text("a text with \0 and η", 20);
  writer.text(text);
  writer.whole(std::numeric_limits<std::uint64_t>::max());
  writer.reals(numbers);
  writer.batch(batch);
  writer.text("");
  const Bytes sealed = writer.sealed("kind", 7);
  ByteReader reader("kind", 7, sealed);
  EXPECT_EQ(reader.text(), text);
  EXPECT_EQ(reader.whole(), std::numeric_limits<std::uint64_t>::max());
  for (const double number : numbers) {
    EXPECT_EQ(std::bit_cast<std::uint64_t>(reader.real()), std::bit_cast<std::uint64_t>(number));
  }
  Batch read(2, 3);
  reader.batch(read);
  EXPECT_TRUE((read == batch || (read.isNaN() && batch.isNaN())).all());
  EXPECT_EQ(reader.text(), "");
  EXPECT_NO_THROW(reader.finish());
}

// Mark, length 40, kind (length and 7 letters), version, 8 to 1, and 1.0 = 3ff0000000000000; least byte first.
TEST(Bytes, AreTheSameOnEveryMachine) {
  std::string expected = "sdelens\n";
  const auto word = [&expected](std::uint64_t value) {
    for (int i = 0; i < 8; ++i) expected += static_cast<char>(value >> (8 * i));
  };
  word(8 + 7 + 8 + 8 + 8);
  word(7);
  expected += "numbers";
  word(3);
  expected += "\x08\x07\x06\x05\x04\x03\x02\x01";
  expected += std::string(6, '\0') + "\xf0\x3f";
  const std::uint32_t sum = checksum(bytes_of(expected));
  for (int i = 0; i < 4; ++i) expected += static_cast<char>(sum >> (8 * i));
  EXPECT_EQ(sealed_numbers(), bytes_of(expected));
}

TEST(Bytes, AreRefusedIfAnyBitIsAnother) {
  const Bytes whole = sealed_numbers();
  ASSERT_NO_THROW(ByteReader("numbers", 3, whole));
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    Bytes damaged = whole;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_THROW(ByteReader("numbers", 3, damaged), UnreadableBytes) << "bit " << bit;
  }
  Bytes damaged = whole;
  damaged[40] ^= std::byte{1};
  EXPECT_THAT([&] { ByteReader("numbers", 3, damaged); }, refuses("are damaged: their checksum is "));
}

TEST(Bytes, AreRefusedIfTheyAreTruncatedOrGoOn) {
  const Bytes whole = sealed_numbers();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_THROW(ByteReader("numbers", 3, std::span(whole).first(length)), UnreadableBytes) << length;
  }
  EXPECT_THAT([&] { ByteReader("numbers", 3, std::span(whole).first(19)); },
              refuses("are 19, but even empty ones are 20"));
  EXPECT_THAT([&] { ByteReader("numbers", 3, std::span(whole).first(50)); },
              refuses("are 50 with a content of 30, but their header says 39"));
  Bytes longer = whole;
  longer.push_back({});
  EXPECT_THAT([&] { ByteReader("numbers", 3, longer); }, refuses("are 60 with a content of 40"));
}

TEST(Bytes, AreRefusedIfTheyAreOfSomethingElse) {
  const Bytes sealed = sealed_numbers();
  EXPECT_THAT([&] { ByteReader("numbers", 3, bytes_of("{\"experiment\": \"fig1\", \"claims\": []}")); },
              refuses("do not begin with the mark of sdelens"));
  EXPECT_THAT([&] { ByteReader("figures", 3, sealed); },
              ThrowsMessage<UnreadableBytes>(HasSubstr("bytes of figures are those of numbers")));
  EXPECT_THAT([&] { ByteReader("numbers", 2, sealed); },
              refuses("have version 3, but only version 2 can be read"));
}

TEST(Bytes, AreRefusedIfTheyHoldMoreOrLessThanIsRead) {
  const Bytes sealed = sealed_numbers();
  ByteReader reader("numbers", 3, sealed);
  reader.whole();
  EXPECT_THAT([&] { reader.finish(); }, refuses("go on for 8 where they should end"));
  EXPECT_EQ(reader.real(), 1.0);
  EXPECT_NO_THROW(reader.finish());
  EXPECT_THAT([&] { reader.real(); }, refuses("end where 8 more are needed"));
  ByteReader lengths("numbers", 3, sealed);
  EXPECT_THAT([&] { lengths.text(); }, refuses("end where ")) << "a length of 2^56 is not allocated";
}

TEST(Bytes, AreRefusedIfABatchHasAnotherShape) {
  ByteWriter writer;
  writer.batch(Batch::Zero(2, 3));
  const Bytes sealed = writer.sealed("numbers", 1);
  Batch transposed(3, 2);
  EXPECT_THAT([&] { ByteReader("numbers", 1, sealed).batch(transposed); },
              refuses("hold a batch of 2 x 3, not of 3 x 2"));
}

}  // namespace
}  // namespace sdelens
