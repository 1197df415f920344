#include <cmath>
#include <utility>

#include "sdelens/ensemble/process.hpp"

namespace sdelens {
namespace {

double step_length(const SdeRun& run) {
  return run.learning_rate / static_cast<double>(run.steps_per_iteration);
}

class SdePaths final : public Paths {
 public:
  SdePaths(const SdeRun& run, const IntegratorEntry& integrator, std::uint64_t first_replica, Index replicas)
      : run_(run),
        step_length_(step_length(run)),
        integrator_(integrator.make(run.sde, replicas)),
        first_replica_(first_replica),
        x_(run.sde->start_state(run.start).transpose().array().replicate(replicas, 1)),
        dw_(replicas, run.sde->noise_dimension()),
        two_point_(replicas, integrator.two_point_columns(run.sde->noise_dimension())),
        outside_(Eigen::Array<bool, Eigen::Dynamic, 1>::Constant(replicas, false)) {
    mark_outside();
  }

  void advance() override {
    const double t = time();
    if (dw_.cols() > 0) {
      run_.stream.normal(first_replica_, step_, dw_);
      dw_ *= std::sqrt(step_length_);
    }
    if (two_point_.cols() > 0) {
      run_.stream.derived("two-point variables").uniform(first_replica_, step_, two_point_);
      two_point_ = (two_point_ < 0.5).select(-1.0, Batch::Ones(two_point_.rows(), two_point_.cols()));
    }
    integrator_->step(t, step_length_, {.dw = dw_, .two_point = two_point_}, x_);
    ++step_;
    mark_outside();
  }

  Eigen::Ref<const Batch> state() const override { return x_; }
  // The integrator has scratch space only.
  void save(ByteWriter& writer) const override {
    writer.whole(step_);
    writer.batch(x_);
    writer.batch(outside_.cast<double>());
  }
  void restore(ByteReader& reader) override {
    step_ = reader.whole();
    reader.batch(x_);
    Batch outside(outside_.rows(), 1);
    reader.batch(outside);
    outside_ = outside.col(0) != 0.0;
  }
  std::uint64_t outside() const override { return static_cast<std::uint64_t>(outside_.count()); }

 private:
  double time() const { return static_cast<double>(step_) * step_length_; }
  void mark_outside() {
    if (run_.sde->restricted()) run_.sde->mark_outside(time(), x_, outside_);
  }

  const SdeRun& run_;
  double step_length_;
  std::unique_ptr<Integrator> integrator_;
  std::uint64_t first_replica_;
  std::uint64_t step_ = 0;
  Batch x_, dw_, two_point_;
  Eigen::Array<bool, Eigen::Dynamic, 1> outside_;
};

class SdeProcess final : public Process {
 public:
  SdeProcess(SdeRun run, const IntegratorEntry& integrator) : run_(std::move(run)), integrator_(integrator) {}

  Index dimension() const override { return run_.sde->dimension(); }
  double time(std::uint64_t step) const override { return static_cast<double>(step) * step_length(run_); }
  double iteration(std::uint64_t step) const override {
    return static_cast<double>(step) / static_cast<double>(run_.steps_per_iteration);
  }
  std::unique_ptr<Paths> start(std::uint64_t first_replica, Index replicas) const override {
    return std::make_unique<SdePaths>(run_, integrator_, first_replica, replicas);
  }

 private:
  SdeRun run_;
  const IntegratorEntry& integrator_;
};

}  // namespace

std::shared_ptr<const Process> integrate(SdeRun run) {
  constexpr const char* owner = "integrate";
  require_positive(owner, "learning_rate", run.learning_rate);
  if (run.steps_per_iteration == 0)
    throw InvalidParameter(owner, "steps_per_iteration", "is 0, but must be at least 1");
  const IntegratorEntry& integrator = Registry<IntegratorEntry>::all().at(run.integrator);
  if (integrator.deterministic && run.sde->noise_dimension() > 0) {
    throw InvalidParameter(owner, "integrator", "'" + run.integrator + "' is for equations without noise");
  }
  if (run.start.size() != run.sde->coordinates()) {
    throw InvalidParameter(
        owner, "start",
        fmt::format("has dimension {}, but the SDE has {}", run.start.size(), run.sde->coordinates()));
  }
  for (const double x : run.start) require_finite(owner, "start", x);
  // What the SDE refuses about its start is refused here rather than inside a thread.
  for (const double x : run.sde->start_state(run.start)) require_finite(owner, "start state", x);
  return std::make_shared<SdeProcess>(std::move(run), integrator);
}

}  // namespace sdelens
