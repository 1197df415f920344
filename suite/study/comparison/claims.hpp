#pragma once

#include "suite/study/comparison/comparison.hpp"

namespace sdelens {

/// What is claimed of an optimizer and its SDEs, as their fields say.
void judge(const ComparedEnsembles& ensembles, Findings& out);

}  // namespace sdelens
