#include "reference/papers/statement_tables.hpp"

namespace sdelens::papers {

using enum StatementKind;

std::span<const Statement> statements_of_main_text() {
  static const std::vector<Statement> all{
      {.number = "3.2",
       .aliases = {"C.5", "C.6"},
       .kind = theorem,
       .title = "SDE of SignSGD",
       .printed = "dX = −(1 − 2 P(∇f_γ(X) < 0)) dt + √η √S̄(X) dW, S̄(x) = Cov sign ∇f_γ(x), is an "
                  "order-1 weak approximation of SignSGD: its one-step moments are those of SignSGD, E "
                  "Δ = −η(1 − 2 P(∇f_γ < 0)) and E ΔΔᵀ = η²(b bᵀ + S̄), and triple products are O(η³).",
       .corrected = {},
       .note = "The proof has misprints: (18) lacks ∇, (19) should read E sign(∂ᵢf_γ). The noise "
               "needs a density: with a finite sum P(∇f_γ < 0) is a step function and b is not "
               "smooth. S̄ is not diagonal for correlated noise. A weak order of 1 does not tell the "
               "SDE from an ODE (see 3.3)."},
      {.number = "3.3",
       .aliases = {"C.7"},
       .kind = corollary,
       .title = "SDE of SignSGD with Gaussian noise",
       .printed = "For Z ~ N(0, Σ), Σ diagonal, SignSGD's SDE is dX = −Erf(Σ^(−1/2)∇f/√2) dt + √η √(I − "
                  "diag(Erf(Σ^(−1/2)∇f/√2))²) dW, of weak order 1.",
       .corrected = {},
       .note = "Right, but order 1 does not distinguish it: dX = −Erf(Σ^(−1/2)∇f/√2) dt without any "
               "noise has order 1 as well, and a smaller error of E x. From x₀ = 0 with the test "
               "function x² the SDE has order 2 and the ODE order 1. Euler-Maruyama with dt = η "
               "agrees with SignSGD in two one-step moments and so is of order 2, whatever the SDE's "
               "own error."},
      {.number = "3.4",
       .aliases = {"C.9"},
       .kind = lemma,
       .title = "Three phases of SignSGD",
       .printed = "By coordinates: (1) |Y| > 3/2: dX = −sign(∇f) dt. (2) 1 < |Y| < 3/2: mY + q⁻ ≤ dE "
                  "X/dt ≤ mY + q⁺, and P(|X − E X|² > a) ≤ (η/a)(d − |mY + q⁻|²). (3) |Y| < 1: dX = "
                  "−√(2/π) Σ^(−1/2)∇f dt + √η √(I − (2/π) diag(Σ^(−1/2)∇f)²) dW, eq. (5).",
       .corrected = "(2) −(mY + q⁺) ≤ dE X/dt ≤ −(mY + q⁻), with the expectation over Y; the deviation "
                    "with (m|Y| + q₁)² and for t ≤ 1 only. (3) for |Y| ≤ √π/2 = 0.886 only, where the "
                    "root is real; it describes SignSGD for small |Y|.",
       .note = "The drift is −Erf, so phase 2 has the wrong sign. (49) \"exists i: |.|² > a\" should "
               "be a/d; η(1 − Erf²) is the rate of the variance, not the variance. (42) lacks dt; "
               "the proof lacks the x of Erf(x) ≈ 2x/√π. At |Y| = 3/2 the drift of phase 1 is off by "
               "3.4 %, at |Y| = 1 that of phase 3 by 34 %."},
      {.number = "3.5",
       .aliases = {"C.10"},
       .kind = lemma,
       .title = "Loss of SignSGD in the three phases",
       .printed = "Phase 1: S_t ≤ ¼(√μ t − 2√S₀)². Phase 2: E S_t ≤ S₀e^(−2μΔt) + (η/2)(L_τ − "
                  "μdq̂²)/(2μΔ) (1 − e^(−2μΔt)), Δ = m/(√2 σ_max) + ημm²/(4σ_max²), q̂ = max(q₁, q₂). "
                  "Phase 3, for the SDE (5): E S_t ≤ S₀e^(−2μΔt) + (η/2)L_τ/(2μΔ) (1 − e^(−2μΔt)), Δ = "
                  "√(2/π)/σ_max + (η/π)μ/σ_max².",
       .corrected =
           "Tighter: phase 1 S_t ≤ ½(√μ t − √(2S₀))², until t* = √(2S₀/μ), phase 2 with q̂ = q₁. For "
           "SignSGD itself phase 3 has Erf(1)/(√2 σ_max) in place of √(2/π)/σ_max, and its limit holds "
           "at leading order in ηλ/σ.",
       .note =
           "Phase 1 as printed is valid up to t = 2√(S₀/μ) but not tight, and then rises again. "
           "Phase 2 as printed holds while ημ ≤ 75 σ_min, thanks to a term that the proof drops; "
           "(56) uses q⁻ on the wrong side and (61) lacks a factor ημ/2. Phase 3 is a statement about the "
           "SDE (5) and holds for it, with equality for H = λI and Σ = σ²I. What is refuted is not the "
           "lemma but the same bound read of SignSGD, beside which Figures 2 and 6 draw it: from |Y| = 1 "
           "the loss of SignSGD exceeds it by up to 35 %."},
      {.number = "3.6",
       .aliases = {},
       .kind = lemma,
       .title = "Loss of SGD",
       .printed = "E S_t ≤ S₀e^(−2μt) + (η/2) L_τσ_max²/(2μ) (1 − e^(−2μt)).",
       .corrected = {},
       .note = "An equality of the SDE for H = λI and Σ = σ²I."},
      {.number = "3.7",
       .aliases = {"C.12"},
       .kind = lemma,
       .title = "Stationary law of SignSGD's phase-3 SDE",
       .printed = "E X_t = e^(−√(2/π)Σ^(−1/2)Ht) X₀; Cov X_t = (M_t − e^(−2√(2/π)Σ^(−1/2)Ht)) X₀² + "
                  "(η/2)(√(2/π) I + (η/π)H)⁻¹ H⁻¹Σ^(1/2) (I − M_t), M_t = exp(−2(√(2/π)Σ^(−1/2)H + "
                  "(η/π)Σ^(−1/2)H²)t).",
       .corrected = "Cov X_t = (M_t − e^(−2√(2/π)Σ^(−1/2)Ht)) X₀² + (η/2)(√(2/π) I + (η/π)Σ^(−1/2)H)⁻¹ "
                    "H⁻¹Σ^(1/2) (I − M_t), M_t = exp(−2(√(2/π)Σ^(−1/2)H + (η/π)Σ⁻¹H²)t).",
       .note = "Σ^(−1/2)H² should be Σ⁻¹H²; as printed it is right for Σ = I only. SignSGD itself "
               "does not decide: its variance is V₀(1 + 0.31 r), r = ηλ/σ, above both. Neither does "
               "Euler-Maruyama with dt = η, which has V₀ exactly."},
      {.number = "3.8",
       .aliases = {},
       .kind = lemma,
       .title = "Stationary law of SGD",
       .printed = "E X_t = e^(−Ht) X₀; Cov X_t = (η/2) H⁻¹Σ (I − e^(−2Ht)).",
       .corrected = {},
       .note = "The variance of SGD itself is above it by ηλ at k = 1 and ηλ/2 for k → ∞, relative."},
      {.number = "3.9",
       .aliases = {},
       .kind = lemma,
       .title = "SignSGD with a schedule of the learning rate: the rate",
       .printed =
           "Main text: if ∫η_s ds = ∞ and η_t → 0, then asymptotically E S_t ≲ (L_τσ_max/(4μ)) √(π/2) η_t → "
           "0, eq. (6).",
       .corrected = "E S_t ≲ (L_τσ_max/(4μ)) √(π/2) η η_t, for which η_t′/η_t² → 0 is needed too.",
       .note =
           "η_t = 1/(t + 1) satisfies the printed hypotheses, yet the loss falls like k^(−2ηb), "
           "b = √(2/π)λ/σ: what is refuted is the rate of the main text. The appendix, C.11, has no rate and "
           "holds. In (6) the constant factor η is missing. For diagonal H the asymptote is (σd/4)√(π/2) η "
           "η_t, whatever H."},
      {.number = "3.10",
       .aliases = {},
       .kind = lemma,
       .title = "SDE of SignSGD with Student-t noise: main text",
       .printed =
           "For ∇f_γ = ∇f + U, U ~ t_ν(0, I): dX = −2Ξ(Σ^(−1/2)∇f) dt + √η √(I − 4 "
           "diag(Ξ(Σ^(−1/2)∇f))²) dW, eq. (7), Ξ(x) = x Γ((ν+1)/2)/(√(πν) Γ(ν/2)) ₂F₁(1/2, (ν+1)/2; 3/2; "
           "−x²/ν).",
       .corrected = "The same equation for ∇f_γ = ∇f + Σ^(1/2)U, U ~ t_ν(0, I), as C.8 has it.",
       .note = "Only the main text omits √Σ. Equation and Ξ are right."},
      {.number = "3.11",
       .aliases = {"C.14"},
       .kind = corollary,
       .title = "SignSGD near a minimum with Student-t noise, ν = 2",
       .printed = "dX = −√(1/2) Σ^(−1/2)∇f dt + √η √(I − ½ diag(Σ^(−1/2)∇f)²) dW.",
       .corrected = {},
       .note = "The root is real for |Σ^(−1/2)∇f| ≤ √2 only. SignSGD is then by a factor √(π/4) = "
               "0.886 slower than with Gaussian noise: \"10 %\" is 11.4 %."},
      {.number = "3.12",
       .aliases = {"C.31"},
       .kind = theorem,
       .title = "SDE of AdamW",
       .printed = "dX = −(√γ₂(t)/γ₁(t)) P⁻¹(M + ηρ₁(∇f − M)) dt − γX dt, dM = ρ₁(∇f − M) dt + √η "
                  "ρ₁Σ^(1/2) dW, dV = ρ₂((∇f)² + diag Σ − V) dt, P = √V + ε√γ₂(t), with bias "
                  "corrections γᵢ(t): an order-1 weak approximation of AdamW (eqs. (10), (174)).",
       .corrected = "With the noise of the fresh gradient inside the bracket of dX: M dt + ηρ₁((∇f − M) "
                    "dt + √η Σ^(1/2) dW), W the same as in dM.",
       .note =
           "Without it the stationary covariance of the SDE is β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ + γ) times Lemma "
           "3.14, which is right about AdamW: the error is in this equation alone. See C.26 for the order, "
           "which is checked without bias correction."},
      {.number = "3.13",
       .aliases = {"C.33"},
       .kind = lemma,
       .title = "Loss of AdamW",
       .printed = "Asymptotically E S_t ≤ S∞ = (η/2) κL_τ/(2μ√(Bδ)/σ + ξγ(1 + μ/L)).",
       .corrected = "For X* = 0, and near it at all times: E S_t ≤ S∞ + (S₀ − S∞)e^(−κ(2μ√(Bδ)/σ + ξγ(1 + "
                    "μ/L))t).",
       .note =
           "The transient and X* = 0 are not printed: the proof has the one and needs the other. (121) lacks "
           "a minus sign. On quadratics L + μ may be replaced by 2L, "
           "which is tighter: half the trace of H times the covariance of Lemma 3.14."},
      {.number = "3.14",
       .aliases = {"C.34"},
       .later = "C.57",
       .kind = lemma,
       .title = "Stationary law of AdamW",
       .printed = "E X = 0, Cov X = (η/2)(HΣ^(−1/2) + γI)⁻¹.",
       .corrected = {},
       .note =
           "Right about AdamW at leading order in η, with corrections of relative order "
           "ηλ/σ and ηγ/(1 − β₁). It is derived from the SDE (174), of which it is not the stationary law: "
           "that has β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ + γ) of this variance. What is refuted is the SDE in between, "
           "not the lemma. Both printed forms are the same."},
  };
  return all;
}

}  // namespace sdelens::papers
