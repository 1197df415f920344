#include <utility>

#include "sdelens/ensemble/process.hpp"

namespace sdelens {
namespace {

class OptimizerPaths final : public Paths {
 public:
  OptimizerPaths(const OptimizerRun& run, std::uint64_t first_replica, Index replicas)
      : run_(run),
        first_replica_(first_replica),
        dimension_(run.start.size()),
        state_(replicas, columns(run)),
        gradient_(replicas, dimension_),
        scratch_(replicas, dimension_) {
    state_.leftCols(dimension_) = run.start.transpose().array().replicate(replicas, 1);
    run_.optimizer->initialise(memory());
  }

  static Index columns(const OptimizerRun& run) {
    return run.start.size() + run.optimizer->memory_columns(run.start.size());
  }

  void advance() override {
    run_.source->sample({.stream = run_.stream,
                         .first_replica = first_replica_,
                         .iteration = step_,
                         .normals = run_.normals_per_iteration},
                        x(), scratch_, gradient_);
    const double rate = run_.learning_rate * run_.schedule->factor(static_cast<double>(step_));
    run_.optimizer->update({.index = step_, .learning_rate = rate}, gradient_, memory(), x());
    ++step_;
  }

  Eigen::Ref<const Batch> state() const override { return state_; }
  void save(ByteWriter& writer) const override {
    writer.whole(step_);
    writer.batch(state_);
  }
  void restore(ByteReader& reader) override {
    step_ = reader.whole();
    reader.batch(state_);
  }

 private:
  Eigen::Ref<Batch> x() { return state_.leftCols(dimension_); }
  Eigen::Ref<Batch> memory() { return state_.rightCols(state_.cols() - dimension_); }

  const OptimizerRun& run_;
  std::uint64_t first_replica_;
  std::uint64_t step_ = 0;
  Index dimension_;
  Batch state_, gradient_, scratch_;
};

class OptimizerProcess final : public Process {
 public:
  explicit OptimizerProcess(OptimizerRun run) : run_(std::move(run)) {}

  Index dimension() const override { return OptimizerPaths::columns(run_); }
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
  if (run.start.size() != run.source->dimension()) {
    throw InvalidParameter(
        owner, "start",
        fmt::format("has dimension {}, but the gradient has {}", run.start.size(), run.source->dimension()));
  }
  for (const double x : run.start) require_finite(owner, "start", x);
  if (!run.source->samples_blocks()) {
    throw InvalidParameter(owner, "gradient source",
                           fmt::format("{} does not sample on blocks of replicas", run.source->name()));
  }
  if (run.normals_per_iteration == 0 || (run.normals_per_iteration > 1 && !run.source->splits_normals())) {
    throw InvalidParameter(
        owner, "normals_per_iteration",
        fmt::format("is {}, but must be 1, or more where the gradient is made of normals alone, as with "
                    "Gaussian noise",
                    run.normals_per_iteration));
  }
  // What the optimizer refuses about its memory is refused here rather than inside a thread.
  Batch memory(1, run.optimizer->memory_columns(run.start.size()));
  run.optimizer->initialise(memory);
  return std::make_shared<OptimizerProcess>(std::move(run));
}

}  // namespace sdelens
