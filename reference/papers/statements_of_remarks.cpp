#include "reference/papers/statement_tables.hpp"

namespace sdelens::papers {

using enum StatementKind;

std::span<const Statement> statements_of_remarks() {
  static const std::vector<Statement> all{
      {.number = "remark-107",
       .aliases = {},
       .kind = remark,
       .title = "Scaling of SGD's loss, (107)-(108)",
       .printed = "SGD's asymptotic loss scales like ησ²κ/(Bδ), where RMSprop's scales like ησκ/√(Bδ): "
                  "κ = δ keeps it.",
       .corrected = {},
       .note = "The value is Lemma 3.6 at learning rate κη and batch size δB."},
      {.number = "remark-3.9",
       .aliases = {},
       .kind = remark,
       .title = "SGD with a schedule of the learning rate",
       .printed =
           "Under the hypotheses of Lemma 3.9, SGD's loss is asymptotically E S_t ≲ (L_τσ²/(4μ)) η η_t.",
       .corrected = "The rate needs also η_t′/η_t² → 0.",
       .note =
           "At small σ SGD needs many more iterations than SignSGD to get there: its speed is λ, not λ/σ."},
      {.number = "sentence-noise-slows",
       .aliases = {},
       .kind = sentence,
       .title = "Noise slows SignSGD, not SGD",
       .printed =
           "The noise's level sets the speed of SignSGD near a minimum, √(2/π)λ/σ, and not that of SGD, λ.",
       .corrected = {},
       .note = {}},
      {.number = "sentence-loss-in-sigma",
       .aliases = {},
       .kind = sentence,
       .title = "How the asymptotic loss depends on the noise",
       .printed = "The asymptotic loss is linear in σ for SignSGD and Adam, quadratic for SGD, and "
                  "bounded for AdamW and RMSpropW.",
       .corrected = {},
       .note = "In the limit of small ηλ/σ. At ηλ/σ = 1, Figure 6's smallest σ, SignSGD's loss is "
               "1.87 times its limit, Adam's 14 % and AdamW's 21 % below theirs."},
      {.number = "sentence-betas-basin",
       .aliases = {},
       .kind = sentence,
       .title = "The betas choose the basin, not the level",
       .printed =
           "β₁ and β₂ of AdamW may decide which minimum is reached, but not the asymptotic loss within it.",
       .corrected = {},
       .note = "Needs a start far from the saddle: near it all choices of Figure 5 go the same way."},
      {.number = "sentence-scaling-rules",
       .aliases = {},
       .kind = sentence,
       .title = "Scaling rules",
       .printed = "The asymptotic loss is kept by κ = δ for SGD, by κ = √δ for RMSprop and Adam, and by "
                  "κ = √δ with ξ = κ for RMSpropW and AdamW, each with β̃ = 1 − κ²(1 − β).",
       .corrected = {},
       .note = {}},
      {.number = "sentence-heavy-tails",
       .aliases = {},
       .kind = sentence,
       .title = "SignSGD converges under infinite variance",
       .printed = "Conclusion of Section 3.1.1: SignSGD copes with noise of infinite variance, under "
                  "which SGD diverges.",
       .corrected = {},
       .note = {}},
  };
  return all;
}

}  // namespace sdelens::papers
