#include <cstdio>

#include "sdelens/model/optimizer.hpp"

int main() {
  std::printf("optimizers:\n");
  for (const auto& entry : sdelens::Registry<sdelens::OptimizerEntry>::all().entries())
    std::printf("%s\n", entry.name.c_str());
  sdelens::Batch x = sdelens::Batch::Zero(1, 1);
  sdelens::Batch memory(1, 0);
  const sdelens::Batch gradient = sdelens::Batch::Constant(1, 1, 4.0);
  // By name through the library, which knew nothing of it when it was built.
  sdelens::make_optimizer("half-sgd", {})->update({.index = 0, .learning_rate = 0.1}, gradient, memory, x);
  std::printf("half-sgd: x = %.4f\n", x(0, 0));
}
