#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "sdelens/core/check.hpp"
#include "sdelens/core/nearest.hpp"
#include "sdelens/core/parameters.hpp"
#include "sdelens/core/registry.hpp"

namespace sdelens {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StrEq;
using testing::ThrowsMessage;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Range, ContainsItsEndsOnlyIfIncluded) {
  EXPECT_TRUE(Range::unit().contains(0.0));
  EXPECT_FALSE(Range::unit().contains(1.0));
  EXPECT_FALSE(Range::positive().contains(0.0));
  EXPECT_TRUE(Range::positive().contains(std::numeric_limits<double>::denorm_min()));
  EXPECT_TRUE(Range::non_negative().contains(0.0));
  EXPECT_FALSE(Range::non_negative().contains(-std::numeric_limits<double>::denorm_min()));
  EXPECT_TRUE(Range::at_least(2.0).contains(2.0));
  EXPECT_TRUE((Range{.low = 0.0, .high = 1.0, .high_included = true}).contains(1.0));
}

TEST(Range, NeverContainsNanNorAnOpenInfinity) {
  for (const Range& range : {Range::finite(), Range::positive(), Range::non_negative(), Range::unit(),
                             Range{.low_included = true, .high_included = true}}) {
    EXPECT_FALSE(range.contains(nan)) << range.text();
  }
  for (const double value : {infinity, -infinity}) EXPECT_FALSE(Range::finite().contains(value));
  EXPECT_FALSE(Range::positive().contains(infinity));
}

TEST(Range, WritesItselfAsMathematiciansDo) {
  EXPECT_EQ(Range::unit().text(), "[0, 1)");
  EXPECT_EQ(Range::positive().text(), "(0, inf)");
  EXPECT_EQ(Range::finite().text(), "(-inf, inf)");
}

TEST(Require, NamesOwnerParameterValueAndRange) {
  EXPECT_THAT([] { require_in(Range::unit(), "Adam", "beta_2", -0.1); },
              ThrowsMessage<InvalidParameter>(StrEq("Adam: beta_2 is -0.1, but must be in [0, 1)")));
  EXPECT_THAT([] { require_positive("SDE", "learning_rate", nan); },
              ThrowsMessage<InvalidParameter>(StrEq("SDE: learning_rate is nan, but must be in (0, inf)")));
  EXPECT_THAT([] { require_finite("run", "start", infinity); },
              ThrowsMessage<InvalidParameter>(StrEq("run: start is inf, but must be in (-inf, inf)")));
  EXPECT_EQ(require_in(Range::unit(), "Adam", "beta_2", 0.5), 0.5);
}

TEST(NearestNames, KnowsInsertionsDeletionsSubstitutionsAndExchanges) {
  const std::vector<std::string> names{"adam", "adamw", "rmsprop", "sgd", "signsgd"};
  EXPECT_EQ(nearest_names("admaw", names).front(), "adamw");
  EXPECT_EQ(nearest_names("adm", names).front(), "adam");
  EXPECT_EQ(nearest_names("rmsprob", names).front(), "rmsprop");
  EXPECT_EQ(nearest_names("sgdd", names).front(), "sgd");
  EXPECT_EQ(nearest_names("signsdg", names).front(), "signsgd");
}

TEST(NearestNames, AreAtMostAsManyAsAskedFor) {
  const std::vector<std::string> names{"a", "b", "c", "d"};
  EXPECT_EQ(nearest_names("e", names).size(), 3U);
  EXPECT_EQ(nearest_names("e", names, 1).size(), 1U);
  EXPECT_EQ(nearest_names("e", names, 9).size(), 4U);
  EXPECT_TRUE(nearest_names("e", {}).empty());
}

TEST(NearestNames, PrefersTheSharedBeginningAtEqualDistance) {
  const std::vector<std::string> names{"lemma-4.7", "lemma-3.8", "remma-3.7"};
  EXPECT_EQ(nearest_names("lemma-3.7", names).front(), "lemma-3.8");
}

TEST(UnknownNameError, QuotesTheNearest) {
  const std::vector<std::string> names{"adam", "sgd"};
  EXPECT_THAT(std::string(UnknownName("optimizer", "adm", names).what()),
              StrEq("unknown optimizer 'adm'; the nearest: adam, sgd"));
  EXPECT_THAT(std::string(UnknownName("optimizer", "adm", {}).what()),
              StrEq("unknown optimizer 'adm': none is known"));
}

TEST(ParameterReading, GivesValuesAndFallbacks) {
  const Parameters parameters{{"a", {2.0}}, {"l", {1.0, 2.0}}};
  ParameterReader read("x", parameters);
  EXPECT_EQ(read.scalar("a", Range::positive(), 5.0), 2.0);
  EXPECT_EQ(read.scalar("b", Range::positive(), 5.0), 5.0);
  EXPECT_THAT(read.list("l", Range::finite()), ElementsAre(1.0, 2.0));
  EXPECT_THAT(read.list("m", Range::finite(), std::vector{3.0}), ElementsAre(3.0));
  EXPECT_TRUE(read.has("l"));
  EXPECT_FALSE(read.has("m"));
  EXPECT_NO_THROW(read.finish());
}

TEST(ParameterReading, RefusesWhatIsMissingOrOutsideItsRangeOrOfTheWrongShape) {
  const Parameters parameters{{"a", {-2.0}}, {"l", {1.0, nan}}, {"e", {}}};
  ParameterReader read("x", parameters);
  EXPECT_THAT([&] { read.scalar("a", Range::positive()); },
              ThrowsMessage<InvalidParameter>(StrEq("x: a is -2, but must be in (0, inf)")));
  EXPECT_THAT([&] { read.scalar("b", Range::unit()); },
              ThrowsMessage<InvalidParameter>(StrEq("x: b is missing, and must be in [0, 1)")));
  EXPECT_THAT([&] { read.list("l", Range::finite()); },
              ThrowsMessage<InvalidParameter>(HasSubstr("l is nan")));
  EXPECT_THAT([&] { read.list("e", Range::finite()); },
              ThrowsMessage<InvalidParameter>(StrEq("x: e is an empty list")));
  EXPECT_THROW(read.scalar("e", Range::finite(), 1.0), InvalidParameter);
  const Parameters pair{{"p", {1.0, 2.0}}};
  EXPECT_THAT([&] { ParameterReader("x", pair).scalar("p", Range::finite()); },
              ThrowsMessage<InvalidParameter>(StrEq("x: p must be one number, but is a list")));
  EXPECT_THROW(ParameterReader("x", pair).scalar("q", Range::unit(), 2.0), InvalidParameter);
}

TEST(ParameterReading, RefusesKeysThatNobodyRead) {
  const Parameters parameters{{"gamma", {1.0}}, {"bata", {1.0}}};
  ParameterReader read("x", parameters);
  read.scalar("gamma", Range::finite());
  read.scalar("beta", Range::finite(), 0.0);
  EXPECT_THAT([&] { read.finish(); },
              ThrowsMessage<UnknownName>(StrEq("unknown parameter of x 'bata'; the nearest: beta, gamma")));
}

TEST(ParameterListener, HearsNamesRangesAndDefaults) {
  const ParameterListener outer;
  const Parameters given{{"beta", {0.5}}};
  {
    const ParameterListener listener;
    ParameterReader read("x", given);
    read.scalar("beta", Range::unit(), 0.9);
    read.scalar("beta", Range::unit(), 0.8);
    read.list("gamma", Range::finite(), std::vector{1.0, 2.0});
    EXPECT_FALSE(read.has("delta"));
    EXPECT_THROW(read.scalar("epsilon", Range::positive()), InvalidParameter);
    ASSERT_EQ(listener.heard().size(), 3U);
    EXPECT_EQ(listener.heard()[0].name, "beta");
    EXPECT_EQ(listener.heard()[0].range.text(), "[0, 1)");
    EXPECT_EQ(listener.heard()[0].fallback, std::vector{0.9}) << "of the first question";
    EXPECT_TRUE(listener.heard()[1].list);
    EXPECT_EQ(listener.heard()[2].fallback, std::nullopt);
    EXPECT_EQ(listener.looked_for(), std::vector<std::string>{"delta"});
  }
  EXPECT_EQ(outer.heard().size(), 3U) << "the outer one hears it too";
  ParameterReader("x", given).has("later");
  EXPECT_EQ(outer.looked_for().size(), 2U);
}

struct Toy {
  std::string name;
  int value;
  static constexpr const char* kind() { return "toy"; }
};

TEST(RegistryOfToys, IsSortedByNameWhateverTheOrderOfArrival) {
  Registry<Toy> registry;
  for (const char* name : {"m", "z", "a"}) registry.add({name, name[0]}, {"f.cpp", 1});
  EXPECT_THAT(registry.names(), ElementsAre("a", "m", "z"));
  EXPECT_EQ(registry.at("m").value, 'm');
  EXPECT_EQ(registry.entries().size(), 3U);
  EXPECT_EQ(registry.conflict(), "");
}

TEST(RegistryOfToys, QuotesTheNearestOfAnUnknownName) {
  Registry<Toy> registry;
  registry.add({"ball", 1}, {"f.cpp", 1});
  EXPECT_THAT([&] { registry.at("bal"); },
              ThrowsMessage<UnknownName>(StrEq("unknown toy 'bal'; the nearest: ball")));
  EXPECT_THROW(registry.at("balls"), UnknownName);
  EXPECT_THROW(registry.at(""), UnknownName);
}

TEST(RegistryOfToys, QuotesBothPlacesOfADuplicate) {
  Registry<Toy> registry;
  registry.add({"z", 0}, {"z.cpp", 3});
  registry.add({"ball", 1}, {"ball.cpp", 41});
  registry.add({"a", 0}, {"a.cpp", 5});
  registry.add({"ball", 2}, {"sphere.cpp", 38});
  EXPECT_EQ(registry.conflict(), "toy 'ball' registered at ball.cpp:41 and sphere.cpp:38");
  EXPECT_EQ(registry.at("ball").value, 1);
}

struct Clash {
  std::string name;
  static constexpr const char* kind() { return "clash"; }
};
const Register<Clash> first_clash{{.name = "same"}, {"one.cpp", 1}};
const Register<Clash> second_clash{{.name = "same"}, {"two.cpp", 2}};

TEST(RegisterAtStart, MakesTheRegistryRefuseToServeDuplicates) {
  EXPECT_THAT([] { Registry<Clash>::all(); },
              ThrowsMessage<std::logic_error>(StrEq("clash 'same' registered at one.cpp:1 and two.cpp:2")));
}

const Register<Toy> here_toy{{"here", 7}};

TEST(RegisterAtStart, PutsAnEntryIntoTheRegistryOfItsKind) {
  EXPECT_EQ(Registry<Toy>::all().at("here").value, 7);
}

}  // namespace
}  // namespace sdelens
