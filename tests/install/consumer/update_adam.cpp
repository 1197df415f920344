#include <cstdio>

#include "sdelens/model/optimizer.hpp"

#ifndef EIGEN_DONT_PARALLELIZE
#error \
    "the package must say it: Eigen's templates are compiled on both sides, and the threads are the library's own"
#endif

int main() {
  const auto adam =
      sdelens::make_optimizer("adam", {{"beta_1", {0.5}}, {"beta_2", {0.75}}, {"epsilon", {0.0}}});
  sdelens::Batch x = sdelens::Batch::Zero(1, 1);
  sdelens::Batch memory(1, adam->memory_columns(1));
  adam->initialise(memory);
  const sdelens::Batch gradient = sdelens::Batch::Constant(1, 1, 4.0);
  adam->update({.index = 0, .learning_rate = 0.1}, gradient, memory, x);
  std::printf("adam: x = %.4f\n", x(0, 0));
}
