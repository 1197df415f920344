#pragma once

#include <concepts>
#include <type_traits>

#include "sdelens/record/record.hpp"
#include "sdelens/record/run_description.hpp"

/// The schema: the members by name of each type that a run's folder holds, once for both directions. A reader visits a
/// T, a writer a const T; what is not named here is not stored.
namespace sdelens::stored {

template <class T, class U>
concept Either = std::same_as<std::remove_const_t<T>, U>;

template <Either<Source> T>
void members(auto& visit, T& source) {
  visit("paper", source.paper);
  visit("item", source.item);
}

template <Either<Bound> T>
void members(auto& visit, T& bound) {
  visit("absolute", bound.absolute);
  visit("relative", bound.relative);
}

template <Either<Claim> T>
void members(auto& visit, T& claim) {
  visit("id", claim.id);
  visit("statement", claim.statement);
  visit("source", claim.source);
  visit("lemmas", claim.lemmas);
  visit("wording", claim.wording);
  visit("relation", claim.relation);
  visit("margin", claim.margin);
  visit("margin_reason", claim.margin_reason);
  visit("resolution", claim.resolution);
  visit("expected", claim.expected);
  visit("family", claim.family, ErrorFamily::replicas);
}

template <Either<Check> T>
void members(auto& visit, T& check) {
  visit("claim", check.claim);
  visit("where", check.where);
  visit("points", check.points);
  visit("prediction", check.prediction);
  visit("estimate", check.estimate);
  visit("standard_error", check.standard_error);
  visit("lower", check.lower);
  visit("upper", check.upper);
  visit("margin", check.margin);
  visit("resolution", check.resolution);
  visit("error_rate", check.error_rate);
  visit("spent", check.spent);
  visit("looks", check.looks);
  visit("verdict", check.verdict);
  visit("reason", check.reason);
}

template <Either<Axis> T>
void members(auto& visit, T& axis) {
  visit("label", axis.label);
  visit("logarithmic", axis.logarithmic);
  visit("low", axis.low);
  visit("high", axis.high);
}

template <Either<Series> T>
void members(auto& visit, T& series) {
  visit("label", series.label);
  visit("role", series.role);
  visit("colour", series.colour);
  visit("x", series.x);
  visit("y", series.y);
  visit("low", series.low);
  visit("high", series.high);
}

template <Either<Contours> T>
void members(auto& visit, T& contours) {
  visit("label", contours.label);
  visit("x", contours.x);
  visit("y", contours.y);
  visit("value", contours.value);
  visit("levels", contours.levels);
}

template <Either<Figure> T>
void members(auto& visit, T& figure) {
  visit("id", figure.id);
  visit("title", figure.title);
  visit("caption", figure.caption);
  visit("x", figure.x);
  visit("y", figure.y);
  visit("series", figure.series);
  visit("contours", figure.contours);
}

template <Either<TableColumn> T>
void members(auto& visit, T& column) {
  visit("label", column.label);
  visit("words", column.words);
  visit("numbers", column.numbers);
}

template <Either<DataTable> T>
void members(auto& visit, T& table) {
  visit("id", table.id);
  visit("title", table.title);
  visit("caption", table.caption);
  visit("columns", table.columns);
}

template <Either<Setting> T>
void members(auto& visit, T& setting) {
  visit("name", setting.name);
  visit("value", setting.value);
  visit("printed", setting.printed);
  visit("note", setting.note);
  visit("overridden", setting.overridden);
}

template <Either<Simulation> T>
void members(auto& visit, T& simulation) {
  visit("name", simulation.name);
  visit("replicas", simulation.replicas);
  visit("steps", simulation.steps);
  visit("non_finite", simulation.non_finite);
  visit("outside", simulation.outside);
}

template <Either<Environment> T>
void members(auto& visit, T& environment) {
  visit("revision", environment.revision);
  visit("compiler", environment.compiler);
  visit("flags", environment.flags);
  visit("processor", environment.processor);
  visit("instructions", environment.instructions);
  visit("threads", environment.threads);
  visit("started", environment.started);
}

template <Either<Record> T>
void members(auto& visit, T& record) {
  visit("experiment", record.experiment);
  visit("title", record.title);
  visit("summary", record.summary);
  visit("source", record.source);
  visit("tier", record.tier);
  visit("seed", record.seed);
  visit("command", record.command);
  visit("environment", record.environment);
  visit("settings", record.settings);
  visit("simulations", record.simulations);
  visit("checks", record.checks);
  visit("figures", record.figures);
  // The first programs of schema 2 had no tables.
  visit.since(3, "tables", record.tables);
  visit("outcome", record.outcome);
  visit("reason", record.reason);
  visit("seconds", record.seconds);
}

template <Either<Statement> T>
void members(auto& visit, T& statement) {
  visit("number", statement.number);
  visit("aliases", statement.aliases);
  visit("label", statement.label);
  visit("title", statement.title);
  visit("printed", statement.printed);
  visit("corrected", statement.corrected);
  visit("note", statement.note);
  visit("experiments", statement.experiments);
}

template <Either<ClaimSelection> T>
void members(auto& visit, T& selection) {
  visit("lemmas", selection.lemmas);
  visit("experiment", selection.experiment);
  visit("claim", selection.claim);
  visit("decisive", selection.decisive);
}

template <Either<Erratum> T>
void members(auto& visit, T& erratum) {
  visit("id", erratum.id);
  visit("title", erratum.title);
  visit("numbers", erratum.numbers);
  visit("printed", erratum.printed);
  visit("corrected", erratum.corrected);
  visit("derivation", erratum.derivation);
  visit("claims", erratum.claims);
  visit("experiments", erratum.experiments);
}

}  // namespace sdelens::stored
