#include <cmath>
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
        noise_(replicas, dimension_),
        sum_(run.normals_per_iteration > 1 ? replicas : 0, dimension_) {
    state_.leftCols(dimension_) = run.start.transpose().array().replicate(replicas, 1);
    run_.optimizer->initialise(memory());
  }

  static Index columns(const OptimizerRun& run) {
    return run.start.size() + run.optimizer->memory_columns(run.start.size());
  }

  void advance() override {
    run_.landscape->gradient(x(), gradient_);
    perturb();
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

  void perturb() {
    const std::uint64_t n = run_.normals_per_iteration;
    if (n == 1) {
      run_.noise->perturb(run_.stream, first_replica_, step_, x(), noise_, gradient_);
      return;
    }
    sum_.setZero();
    for (std::uint64_t j = 0; j < n; ++j) {
      run_.noise->draw(run_.stream, first_replica_, step_ * n + j, noise_);
      sum_ += noise_;
    }
    sum_ *= 1.0 / std::sqrt(static_cast<double>(n));
    run_.noise->scaled(static_cast<double>(step_), x(), sum_, noise_);
    gradient_ += noise_;
  }

  const OptimizerRun& run_;
  std::uint64_t first_replica_;
  std::uint64_t step_ = 0;
  Index dimension_;
  Batch state_, gradient_, noise_, sum_;
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
  if (run.start.size() != run.landscape->dimension() || run.start.size() != run.noise->dimension()) {
    throw InvalidParameter(owner, "start",
                           fmt::format("has dimension {}, but the landscape has {} and the noise {}",
                                       run.start.size(), run.landscape->dimension(), run.noise->dimension()));
  }
  for (const double x : run.start) require_finite(owner, "start", x);
  if (run.normals_per_iteration == 0 || (run.normals_per_iteration > 1 && !run.noise->gaussian())) {
    throw InvalidParameter(
        owner, "normals_per_iteration",
        fmt::format("is {}, but must be 1, or more with Gaussian noise", run.normals_per_iteration));
  }
  // What the optimizer refuses about its memory is refused here rather than inside a thread.
  Batch memory(1, run.optimizer->memory_columns(run.start.size()));
  run.optimizer->initialise(memory);
  return std::make_shared<OptimizerProcess>(std::move(run));
}

}  // namespace sdelens
