#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sdelens/ensemble/ensemble.hpp"

namespace sdelens::test {

/// A process of one coordinate whose value is a given function of replica and step.
class Formula final : public Process {
 public:
  using Function = std::function<double(std::uint64_t replica, std::uint64_t step)>;
  Formula(Function function, Index rows_per_block) : function_(std::move(function)), rows_(rows_per_block) {}

  Index dimension() const override { return 1; }
  Index rows_per_block() const override { return rows_; }
  double time(std::uint64_t step) const override { return 0.5 * static_cast<double>(step); }
  std::unique_ptr<Paths> start(std::uint64_t first_replica, Index replicas) const override {
    return std::make_unique<Rows>(function_, first_replica, replicas);
  }

 private:
  class Rows final : public Paths {
   public:
    Rows(const Function& function, std::uint64_t first_replica, Index replicas)
        : function_(function), first_replica_(first_replica), x_(replicas, 1) {
      fill();
    }
    void advance() override {
      ++step_;
      fill();
    }
    Eigen::Ref<const Batch> state() const override { return x_; }
    void save(ByteWriter& writer) const override { writer.whole(step_); }
    void restore(ByteReader& reader) override {
      step_ = reader.whole();
      fill();
    }

   private:
    void fill() {
      for (Index row = 0; row < x_.rows(); ++row) {
        x_(row, 0) = function_(first_replica_ + static_cast<std::uint64_t>(row), step_);
      }
    }
    const Function& function_;
    std::uint64_t first_replica_;
    std::uint64_t step_ = 0;
    Batch x_;
  };
  Function function_;
  Index rows_;
};

inline std::shared_ptr<const Process> formula(Formula::Function function,
                                              Index rows_per_block = Process::usual_rows_per_block) {
  return std::make_shared<Formula>(std::move(function), rows_per_block);
}

inline Observable coordinate(Index i) {
  return {.name = fmt::format("x{}", i + 1), .evaluate = [i](In x, OutColumn value) { value = x.col(i); }};
}

struct NamedProcess {
  std::string name;
  std::shared_ptr<const Process> process;
};

inline void PrintTo(const NamedProcess& process, std::ostream* out) { *out << process.name; }

/// Two noises for optimizers: one whose root is a full matrix, one with heavy tails.
inline std::vector<std::pair<std::string, std::shared_ptr<const GradientNoise>>> noises() {
  return {
      {"dense_gaussian", make_noise("gaussian", 2, {{"covariance", {0.3, 0.1, 0.1, 0.2}}})},
      {"gaussian", make_noise("gaussian", 2, {{"sigma", {0.4, 0.7}}})},
      {"student_t", make_noise("student-t", 2, {{"nu", {2.0}}, {"sigma", {0.3}}})},
      {"dense_student_t", make_noise("student-t", 2, {{"nu", {3.0}}, {"covariance", {0.3, 0.1, 0.1, 0.2}}})}};
}

inline std::string identifier(std::string text) {
  for (char& letter : text) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  return text;
}

/// Every registered optimizer with every noise, and every registered SDE with every integrator that takes it.
inline std::vector<NamedProcess> every_process() {
  const auto landscape = make_landscape("quadratic", {{"hessian", {2.0, 0.5, 0.5, 1.0}}});
  const auto schedule = make_schedule("polynomial", {{"power", {0.3}}});
  const Point start = (Point(2) << 0.11, -0.07).finished();
  const Stream stream(20241122, "processes of the ensemble tests");
  constexpr double learning_rate = 0.05;
  std::vector<NamedProcess> result;
  for (const OptimizerEntry& entry : Registry<OptimizerEntry>::all().entries()) {
    for (const auto& [noise_name, noise] : noises()) {
      result.push_back({identifier(entry.name + "_" + noise_name),
                        iterate({.source = additive(landscape, noise),
                                 .optimizer = make_optimizer(entry.name, entry.known.parameters),
                                 .schedule = schedule,
                                 .learning_rate = learning_rate,
                                 .start = start,
                                 .stream = stream})});
    }
  }
  for (const SdeEntry& entry : Registry<SdeEntry>::all().entries()) {
    for (const auto& [noise_name, noise] : noises()) {
      std::shared_ptr<const Sde> sde;
      try {
        sde = make_sde(
            entry.name,
            {.source = additive(landscape, noise), .learning_rate = learning_rate, .schedule = schedule},
            entry.example);
      } catch (const InvalidParameter&) {
        continue;  // The equation is not for this noise.
      }
      for (const IntegratorEntry& integrator : Registry<IntegratorEntry>::all().entries()) {
        if (integrator.deterministic && sde->noise_dimension() > 0) continue;
        result.push_back({identifier(entry.name + "_" + noise_name + "_" + integrator.name),
                          integrate({.sde = sde,
                                     .integrator = integrator.name,
                                     .learning_rate = 0.5 * learning_rate,
                                     .start = start,
                                     .stream = stream})});
      }
    }
  }
  return result;
}

inline bool same_bits(double a, double b) { return a == b || (a != a && b != b); }

/// Whether all groups of two samples have the same bits.
inline bool same_bits(const Sample& a, const Sample& b) {
  for (Index g = 0; g < GroupedMoments::groups; ++g) {
    const Moments left = a.group(g);
    const Moments right = b.group(g);
    if (!same_bits(left.count, right.count) || !same_bits(left.mean, right.mean) ||
        !same_bits(left.m2, right.m2) || !same_bits(left.m3, right.m3) || !same_bits(left.m4, right.m4)) {
      return false;
    }
  }
  return true;
}

inline bool same_bits(const BlockMoments& a, const BlockMoments& b) {
  return a.origin == b.origin && a.first_replica == b.first_replica && a.replicas == b.replicas &&
         a.non_finite == b.non_finite && a.outside == b.outside &&
         std::ranges::equal(
             a.moments, b.moments,
             [](const GroupedMoments& left, const GroupedMoments& right) { return same_bits(left, right); });
}

}  // namespace sdelens::test
