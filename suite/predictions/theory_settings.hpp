#pragma once

#include "reference/theory/lemma_3_13.hpp"
#include "reference/theory/lemma_3_14.hpp"
#include "reference/theory/lemma_3_6.hpp"
#include "reference/theory/lemma_c_29.hpp"
#include "reference/theory/lemma_e_3.hpp"
#include "sdelens/exact/mean_field.hpp"
#include "sdelens/model/problem.hpp"

namespace sdelens {

/// The numbers that closed forms and the mean field ask for, from a problem. H and Sigma are those of a quadratic with
/// additive noise; where a form speaks of one sigma it is that of the first coordinate. The scaling is that of the
/// problem itself: a rescaled run is a problem of its own.

theory::SgdLoss sgd_loss(const Problem& problem);
theory::SgdWLoss sgdw_loss(const Problem& problem);
theory::AdamWLoss adamw_loss(const Problem& problem);
theory::AdamLoss adam_loss(const Problem& problem);
theory::AdaptiveCoordinate adaptive_coordinate(const Problem& problem, Index i);
MeanFieldSettings mean_field_settings(const Problem& problem, Index i);

}  // namespace sdelens
