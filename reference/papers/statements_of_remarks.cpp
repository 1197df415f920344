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
      {.number = "remark-C.15",
       .aliases = {},
       .kind = remark,
       .title = "Malladi's SDE of RMSprop at the end (C.15)",
       .printed =
           "At the end of the dynamics the SDE of Malladi et al. is only slightly worse than that of C.16.",
       .corrected = {},
       .note = "So it is as the paper integrates, with dt = η: the stationary variance is ηλ/(4σ) above that "
               "of RMSprop, relative, that of C.16 equal to it. The equations themselves are −ηλ/(4σ) and "
               "−ηλ/(2σ) off, so that Malladi's is the nearer one there."},
      {.number = "remark-C.25",
       .aliases = {},
       .kind = remark,
       .title = "Malladi's SDE of Adam (C.25)",
       .printed = "The first part of the dynamics of Adam is represented by the SDE of C.26 only. "
                  "Asymptotically the discrepancy of Malladi's SDE is negligible in the convex case; in the "
                  "non-convex case it may reach another minimum.",
       .corrected = {},
       .note = "Another minimum needs a start far from the saddle. At the end of the dynamics the SDE of "
               "C.26 is the one that is off, see there."},
      {.number = "remark-E.4",
       .aliases = {},
       .kind = remark,
       .title = "What a scaling rule does not keep (E.4)",
       .printed = "A scaling rule that leaves the equation of the SDE unchanged changes its initial "
                  "condition, so that properties of the optimizer's path need not be preserved.",
       .corrected = {},
       .note = "So for RMSprop: V of the SDE starts at δv₀ in the units of the base run. With v₀/δ for v₀ "
               "the mean path is kept at first order."},
      {.number = "sentence-after-3.9",
       .aliases = {},
       .kind = sentence,
       .title = "What noise does near a minimum",
       .printed = "The noise sets the rate of iterates, covariance and loss of SignSGD. At low noise SignSGD "
                  "is faster near the minimum but SGD ends lower, and conversely at high noise.",
       .corrected = {},
       .note = "The two change places at different noise: in speed at σ = √(2/π), in asymptotic loss at "
               "√(π/2). In between SGD is faster and ends lower."},
      {.number = "sentence-noise-slows-phase-2",
       .aliases = {},
       .kind = sentence,
       .title = "Noise slows phase 2 of SignSGD",
       .printed = "The noise slows SignSGD down in phase 2.",
       .corrected = {},
       .note = "By the bound of Lemma 3.5, whose rate falls like 1/σ, and for the exact chain: the phase "
               "lasts a time proportional to σ."},
      {.number = "sentence-zero-before-t-star",
       .aliases = {},
       .kind = sentence,
       .title = "Phase 1 ends before t*",
       .printed = "In phase 1 the loss reaches 0 before t* = 2√(S₀/μ).",
       .corrected = {},
       .note = "In one dimension at t*/√2, the time √(2S₀/μ) of the tight bound."},
      {.number = "sentence-196-error",
       .aliases = {},
       .kind = sentence,
       .title = "(196) has less error than (195)",
       .printed = "The SDE (196) of rescaled SGD has less error than (195).",
       .corrected = {},
       .note = "At t = kη, where (195), which has another clock, has no order. Read in its own clock kκη it "
               "is the same process."},
      {.number = "sentence-without-kappa-delta",
       .aliases = {},
       .kind = sentence,
       .title = "Dynamics without κ and δ",
       .printed = "With κ = δ neither is left in (195), and the dynamics stay.",
       .corrected = {},
       .note =
           "In the clock of (195): the rescaled run after k iterations is where the base run is after κk."},
      {.number = "sentence-ode-for-small-noise",
       .aliases = {},
       .kind = sentence,
       .title = "Where an ODE suffices",
       .printed = "Where Σ = O(η^α) an ODE suffices in place of the SDE of SGD.",
       .corrected = {},
       .note = "To order 1, which an ODE has without the condition, too: see F3. What the condition changes "
               "is how much noise the ODE lacks, O(η^(1+α)) in E f."},
      {.number = "sentence-betas-speed",
       .aliases = {},
       .kind = sentence,
       .title = "The betas set the speed",
       .printed = "Caption of Figure 5: β₁ and β₂ of AdamW set the speed.",
       .corrected = {},
       .note = "Near a minimum β₁ does, where (1 − β₁)/η is below about 4λ/σ: the rate is then ((1 − β₁)/η + "
               "γ)/2. β₂ sets how fast V settles, and not the speed of E x once it has."},
      {.number = "sentence-variance-in-sigma",
       .aliases = {},
       .kind = sentence,
       .title = "How the variance of the iterates depends on the noise",
       .printed = "The stationary variance of the iterates is linear in σ for SignSGD, RMSprop and Adam, "
                  "quadratic for SGD, and bounded for AdamW and RMSpropW.",
       .corrected = {},
       .note = "In the limit of small ηλ/σ."},
  };
  return all;
}

}  // namespace sdelens::papers
