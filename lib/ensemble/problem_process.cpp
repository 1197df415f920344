#include "sdelens/ensemble/problem_process.hpp"

namespace sdelens {

std::shared_ptr<const Process> iterates(const Problem& problem, const Stream& stream,
                                        std::uint64_t normals_per_iteration) {
  return iterate({.source = problem.source,
                  .optimizer = problem.rule,
                  .schedule = problem.rate_schedule,
                  .learning_rate = problem.learning_rate,
                  .start = problem.start,
                  .stream = stream,
                  .normals_per_iteration = normals_per_iteration});
}

std::shared_ptr<const Process> paths(const Problem& problem, const SdeChoice& sde, const Stream& stream) {
  return integrate({.sde = make_sde(sde.sde.name, problem.context(), sde.sde.given),
                    .integrator = sde.integrator,
                    .learning_rate = problem.learning_rate,
                    .steps_per_iteration = sde.steps_per_iteration,
                    .start = problem.start,
                    .stream = stream});
}

std::shared_ptr<const Process> coupled(const Problem& problem, const SdeChoice& sde, const Stream& stream) {
  return side_by_side({.process = iterates(problem, stream, sde.steps_per_iteration), .steps = 1},
                      {.process = paths(problem, sde, stream), .steps = sde.steps_per_iteration});
}

}  // namespace sdelens
