#include "suite/study/minima.hpp"

#include <fmt/format.h>

#include <Eigen/Cholesky>

#include "sdelens/core/parameters.hpp"

namespace sdelens {

Point gradient_at(const Landscape& landscape, const Point& x) {
  Batch gradient(1, x.size());
  landscape.gradient(x.transpose().array(), gradient);
  return gradient.row(0).transpose().matrix();
}

Point minimum_near(const Landscape& landscape, const Point& start) {
  Point x = start;
  constexpr int most_steps = 100;
  for (int step = 0; step < most_steps; ++step) {
    const Point gradient = gradient_at(landscape, x);
    const Eigen::LLT<Eigen::MatrixXd> factors(landscape.hessian(x));
    if (factors.info() != Eigen::Success) break;
    const Point change = factors.solve(gradient);
    x -= change;
    if (change.norm() <= 1e-14 * (1.0 + x.norm())) return x;
  }
  throw InvalidParameter("minimum_near", "start",
                         "must lead Newton's method to a minimum through convex points");
}

Point lowest_minimum(const Landscape& landscape, double reach) {
  if (landscape.dimension() != 2) {
    throw InvalidParameter("lowest_minimum", "dimension",
                           fmt::format("of the landscape is {}, but must be 2", landscape.dimension()));
  }
  constexpr Index points = 121;
  const Column along = Column::LinSpaced(points, -reach, reach);
  Batch grid(points * points, 2);
  for (Index j = 0; j < points; ++j) {
    grid.col(0).segment(j * points, points) = along;
    grid.col(1).segment(j * points, points).setConstant(along(j));
  }
  Column value(points * points);
  landscape.value(grid, value);
  Index lowest = 0;
  value.minCoeff(&lowest);
  return minimum_near(landscape, grid.row(lowest).transpose().matrix());
}

Point noise_free_end(const Problem& problem, std::uint64_t iterations) {
  const double beta_1 = problem.beta_1();
  const double beta_2 = problem.beta_2();
  const double gamma = problem.weight_decay();
  const Eigen::ArrayXd variance = problem.sigmas().array().square();
  Point x = problem.start;
  Point m = problem.origin();
  Point v = m;
  double left_1 = 1.0;
  double left_2 = 1.0;
  for (std::uint64_t k = 0; k < iterations; ++k) {
    const Point g = gradient_at(*problem.loss, x);
    left_1 *= beta_1;
    left_2 *= beta_2;
    m = beta_1 * m + (1.0 - beta_1) * g;
    v = beta_2 * v + (1.0 - beta_2) * (g.array().square() + variance).matrix();
    const Point step = (m / (1.0 - left_1)).cwiseQuotient((v / (1.0 - left_2)).cwiseSqrt());
    x -= problem.learning_rate * (step + gamma * x);
  }
  return x;
}

double value_at(const Landscape& landscape, const Point& x) {
  Column value(1);
  landscape.value(x.transpose().array(), value);
  return value(0);
}

}  // namespace sdelens
