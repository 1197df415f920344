#include <algorithm>
#include <utility>

#include "sdelens/ensemble/process.hpp"

namespace sdelens {
namespace {

class PairPaths final : public Paths {
 public:
  PairPaths(const Pace& first, const Pace& second, std::uint64_t first_replica, Index replicas)
      : first_steps_(first.steps),
        second_steps_(second.steps),
        first_(first.process->start(first_replica, replicas)),
        second_(second.process->start(first_replica, replicas)),
        state_(replicas, first.process->dimension() + second.process->dimension()) {
    gather();
  }

  void advance() override {
    for (std::uint64_t i = 0; i < first_steps_; ++i) first_->advance();
    for (std::uint64_t i = 0; i < second_steps_; ++i) second_->advance();
    gather();
  }

  Eigen::Ref<const Batch> state() const override { return state_; }
  // A bound from below: which replicas left is not known here.
  std::uint64_t outside() const override { return std::max(first_->outside(), second_->outside()); }
  void save(ByteWriter& writer) const override {
    first_->save(writer);
    second_->save(writer);
  }
  void restore(ByteReader& reader) override {
    first_->restore(reader);
    second_->restore(reader);
    gather();
  }

 private:
  void gather() {
    const Eigen::Ref<const Batch> a = first_->state();
    state_.leftCols(a.cols()) = a;
    state_.rightCols(state_.cols() - a.cols()) = second_->state();
  }

  std::uint64_t first_steps_, second_steps_;
  std::unique_ptr<Paths> first_, second_;
  Batch state_;
};

class PairProcess final : public Process {
 public:
  PairProcess(Pace first, Pace second) : first_(std::move(first)), second_(std::move(second)) {}

  Index dimension() const override { return first_.process->dimension() + second_.process->dimension(); }
  Index rows_per_block() const override {
    return std::min(first_.process->rows_per_block(), second_.process->rows_per_block());
  }
  double time(std::uint64_t step) const override { return first_.process->time(step * first_.steps); }
  double iteration(std::uint64_t step) const override {
    return first_.process->iteration(step * first_.steps);
  }
  std::unique_ptr<Paths> start(std::uint64_t first_replica, Index replicas) const override {
    return std::make_unique<PairPaths>(first_, second_, first_replica, replicas);
  }

 private:
  Pace first_, second_;
};

}  // namespace

std::shared_ptr<const Process> side_by_side(Pace first, Pace second) {
  if (first.steps == 0 || second.steps == 0) {
    throw InvalidParameter("side_by_side", "steps", "must be at least 1");
  }
  return std::make_shared<PairProcess>(std::move(first), std::move(second));
}

}  // namespace sdelens
