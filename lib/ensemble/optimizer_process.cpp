#include <utility>

#include "sdelens/ensemble/process.hpp"

namespace sdelens {
namespace {

class OptimizerPaths final : public Paths {
 public:
  OptimizerPaths(const OptimizerRun& run, std::uint64_t first_replica, Index replicas)
      : run_(run),
        first_replica_(first_replica),
        x_(run.start.transpose().array().replicate(replicas, 1)),
        gradient_(replicas, run.start.size()),
        noise_(replicas, run.start.size()),
        memory_(replicas, run.optimizer->memory_columns(run.start.size())) {
    run_.optimizer->initialise(memory_);
  }

  void advance() override {
    run_.landscape->gradient(x_, gradient_);
    run_.noise->perturb(run_.stream, first_replica_, step_, noise_, gradient_);
    const double rate = run_.learning_rate * run_.schedule->factor(static_cast<double>(step_));
    run_.optimizer->update({.index = step_, .learning_rate = rate}, gradient_, memory_, x_);
    ++step_;
  }

  Eigen::Ref<const Batch> position() const override { return x_; }

 private:
  const OptimizerRun& run_;
  std::uint64_t first_replica_;
  std::uint64_t step_ = 0;
  Batch x_, gradient_, noise_, memory_;
};

class OptimizerProcess final : public Process {
 public:
  explicit OptimizerProcess(OptimizerRun run) : run_(std::move(run)) {}

  Index dimension() const override { return run_.start.size(); }
  double time(std::uint64_t step) const override { return static_cast<double>(step) * run_.learning_rate; }
  std::unique_ptr<Paths> start(std::uint64_t first_replica, Index replicas) const override {
    return std::make_unique<OptimizerPaths>(run_, first_replica, replicas);
  }

 private:
  OptimizerRun run_;
};

}  // namespace

std::shared_ptr<const Process> iterate(OptimizerRun run) {
  constexpr const char* owner = "iterate";
  require_positive(owner, "learning_rate", run.learning_rate);
  if (run.start.size() != run.landscape->dimension() || run.start.size() != run.noise->dimension()) {
    throw InvalidParameter(owner, "start",
                           fmt::format("has dimension {}, but the landscape has {} and the noise {}",
                                       run.start.size(), run.landscape->dimension(), run.noise->dimension()));
  }
  for (const double x : run.start) require_finite(owner, "start", x);
  // What the optimizer refuses about its memory is refused here rather than inside a thread.
  Batch memory(1, run.optimizer->memory_columns(run.start.size()));
  run.optimizer->initialise(memory);
  return std::make_shared<OptimizerProcess>(std::move(run));
}

}  // namespace sdelens
