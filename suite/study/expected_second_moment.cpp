#include "suite/study/expected_second_moment.hpp"

#include <utility>

namespace sdelens {
namespace {

class WithExpectedSecondMoment final : public Process {
 public:
  WithExpectedSecondMoment(std::shared_ptr<const Process> inner, ExpectedSecondMoment moment)
      : inner_(std::move(inner)), moment_(moment) {}

  Index dimension() const override { return inner_->dimension() + 1; }
  double time(std::uint64_t step) const override { return inner_->time(step); }
  std::unique_ptr<Paths> start(std::uint64_t first_replica, Index replicas) const override {
    return std::make_unique<ExpectedPaths>(inner_->start(first_replica, replicas), moment_);
  }

 private:
  class ExpectedPaths final : public Paths {
   public:
    ExpectedPaths(std::unique_ptr<Paths> inner, const ExpectedSecondMoment& moment)
        : inner_(std::move(inner)), moment_(moment) {
      const Eigen::Ref<const Batch> state = inner_->state();
      state_.resize(state.rows(), state.cols() + 1);
      state_.leftCols(state.cols()) = state;
      state_.rightCols(1) = moment_.start;
    }

    void advance() override {
      auto u = state_.col(state_.cols() - 1);
      u = moment_.decay * u +
          (1.0 - moment_.decay) * ((moment_.curvature * state_.col(0)).square() + moment_.variance);
      inner_->advance();
      state_.leftCols(state_.cols() - 1) = inner_->state();
    }
    Eigen::Ref<const Batch> state() const override { return state_; }
    std::uint64_t outside() const override { return inner_->outside(); }
    void save(ByteWriter& writer) const override {
      inner_->save(writer);
      writer.batch(state_);
    }
    void restore(ByteReader& reader) override {
      inner_->restore(reader);
      reader.batch(state_);
    }

   private:
    std::unique_ptr<Paths> inner_;
    ExpectedSecondMoment moment_;
    Batch state_;
  };

  std::shared_ptr<const Process> inner_;
  ExpectedSecondMoment moment_;
};

}  // namespace

std::shared_ptr<const Process> with_expected_second_moment(std::shared_ptr<const Process> process,
                                                           const ExpectedSecondMoment& moment) {
  return std::make_shared<WithExpectedSecondMoment>(std::move(process), moment);
}

}  // namespace sdelens
