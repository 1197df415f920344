#include "reference/papers/statements.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "sdelens/core/nearest.hpp"

namespace sdelens::papers {
namespace {

using enum StatementKind;

const std::vector<Statement>& table() {
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
                  "Phase 3: E S_t ≤ S₀e^(−2μΔt) + (η/2)L_τ/(2μΔ) (1 − e^(−2μΔt)), Δ = √(2/π)/σ_max + "
                  "(η/π)μ/σ_max².",
       .corrected = "Phase 1: S_t ≤ ½(√μ t − √(2S₀))², until t* = √(2S₀/μ). Phase 2: with q̂ = q₁. Phase "
                    "3: for SignSGD with Erf(1)/(√2 σ_max) in place of √(2/π)/σ_max.",
       .note = "Phase 1 as printed is valid up to t = 2√(S₀/μ) but not tight, and then rises again. "
               "Phase 2 as printed holds while ημ ≤ 75 σ_min, thanks to a term that the proof drops; "
               "(56) uses q⁻ on the wrong side and (61) lacks a factor ημ/2. Phase 3 as printed is a "
               "bound for the SDE (5), an equality for H = λI and Σ = σ²I, but not for SignSGD: from "
               "|Y| = 1 its loss exceeds the bound by up to 35 %."},
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
       .aliases = {"C.11"},
       .kind = lemma,
       .title = "SignSGD with a schedule of the learning rate",
       .printed =
           "If ∫η_s ds = ∞ and η_t → 0, then E S_t → 0, asymptotically E S_t ≲ (L_τσ_max/(4μ)) √(π/2) η η_t.",
       .corrected = "E S_t → 0 under these hypotheses; the rate needs also η_t′/η_t² → 0.",
       .note = "η_t = 1/(t + 1) satisfies the printed hypotheses, yet the loss falls like k^(−2ηb), "
               "b = √(2/π)λ/σ. For diagonal H the asymptote is (σd/4)√(π/2) η η_t, whatever H."},
      {.number = "3.10",
       .aliases = {"C.8"},
       .kind = corollary,
       .title = "SDE of SignSGD with Student-t noise",
       .printed = "For ∇f_γ = ∇f + U, U ~ t_ν(0, I): dX = −2Ξ(Σ^(−1/2)∇f) dt + √η √(I − 4 "
                  "diag(Ξ(Σ^(−1/2)∇f))²) dW, Ξ(x) = x Γ((ν+1)/2)/(√(πν) Γ(ν/2)) ₂F₁(1/2, (ν+1)/2; 3/2; "
                  "−x²/ν).",
       .corrected = "The same equation for ∇f_γ = ∇f + Σ^(1/2)U, U ~ t_ν(0, I).",
       .note = "The text omits √Σ. Ξ = F_ν − 1/2, F_ν Student's distribution function. Σ is a scale: "
               "the covariance is ν/(ν − 2) Σ, infinite for ν ≤ 2. In (38) the sign of the argument "
               "is ambiguous. The series of ₂F₁ in this form converges for |x| < √ν only; Pfaff's "
               "transformation does everywhere."},
      {.number = "3.11",
       .aliases = {"C.14"},
       .kind = lemma,
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
       .note = "Without it the stationary covariance is β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ + γ) times Lemma "
               "3.14. See C.26 for the order, which is checked without bias correction."},
      {.number = "3.13",
       .aliases = {"C.33"},
       .kind = lemma,
       .title = "Loss of AdamW",
       .printed = "Near the minimum X* = 0: E S_t ≤ S∞ + (S₀ − S∞)e^(−κ(2μ√(Bδ)/σ + ξγ(1 + μ/L))t), S∞ "
                  "= (η/2) κL_τ/(2μ√(Bδ)/σ + ξγ(1 + μ/L)).",
       .corrected = {},
       .note = "(121) lacks a minus sign. Needs X* = 0. On quadratics L + μ may be replaced by 2L, "
               "which is tighter: half the trace of H times the covariance of Lemma 3.14."},
      {.number = "3.14",
       .aliases = {"C.34"},
       .kind = lemma,
       .title = "Stationary law of AdamW",
       .printed = "E X = 0, Cov X = (η/2)(HΣ^(−1/2) + γI)⁻¹.",
       .corrected =
           "At leading order in η the law of the optimizer, and of the SDE with the noise of the fresh "
           "gradient; the SDE as printed has β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ + γ) of this variance.",
       .note = "Right for the optimizer at leading order in η, with corrections of relative order "
               "ηλ/σ and ηγ/(1 − β₁); not the stationary law of the paper's own SDE (3.12). Both "
               "printed forms are the same."},
      {.number = "C.13",
       .aliases = {},
       .kind = lemma,
       .title = "Expected loss of SignSGD's phase-3 SDE",
       .printed = "E XᵀHX/2 = Σᵢ [(λᵢ/2)M_t X₀² + (η/4)(1 − M_t)σᵢ/(√(2/π) + (η/π)λᵢ/σᵢ)], M_t = "
                  "exp(−2(√(2/π)λᵢ/σᵢ + (η/π)λᵢ²/σᵢ²)t).",
       .corrected = {},
       .note = "Right, and so contradicts Lemma 3.7 as printed unless σ = 1. The label of the "
               "statement misplaces the factor 1/2."},
      {.number = "C.16",
       .aliases = {},
       .kind = theorem,
       .title = "SDE of RMSprop",
       .printed = "dX = −P⁻¹(∇f dt + √η Σ^(1/2) dW), dV = ρ((∇f)² + diag Σ − V) dt, P = √V + ε: an "
                  "order-1 weak approximation of RMSprop, eq. (86).",
       .corrected = {},
       .note = "The proof writes (V + εI)^(−1/2) in (97) and √V + ε in (92); (93) shifts the index "
               "of v. It drops the noise of dV, η²ρ²(4∇f²σ² + 2σ⁴), which is of the same order as "
               "the noise of X that it keeps: the second Brownian motion of arXiv 2509.21614."},
      {.number = "C.17",
       .aliases = {},
       .kind = numbered,
       .title = "Malladi's SDE near a minimum",
       .printed = "Where ∇f = O(√η), dV = ρ((∇f)² + diag Σ − V) dt reduces to dV = ρ(diag Σ − V) dt: "
                  "the SDE of Malladi et al. is of weak order 1 there.",
       .corrected = {},
       .note = "Away from the minimum it has order 0."},
      {.number = "C.18",
       .aliases = {},
       .kind = numbered,
       .title = "SDE of rescaled RMSprop",
       .printed = "With κη, δB and ρ scaled by α, at t = kη: dX = −κP⁻¹(∇f dt + √(η/(Bδ)) Σ^(1/2) dW), "
                  "dV = (α/κ)ρ((∇f)² + diag Σ/(Bδ) − V) dt; the dynamics are kept by κ = √δ and β̃ = 1 "
                  "− κ²(1 − β).",
       .corrected = "dV = αρ((∇f)² + diag Σ/(Bδ) − V) dt, since β̃ = 1 − ηαρ.",
       .note = "The rule that follows is right: α = κ²."},
      {.number = "C.19",
       .aliases = {},
       .kind = numbered,
       .title = "Loss of RMSprop",
       .printed = "Asymptotically E S ≤ (ησL_τ/(4μ√B)) κ/√δ.",
       .corrected = {},
       .note = "Kept by κ = √δ. Lemma 3.13 at γ = 0."},
      {.number = "C.20",
       .aliases = {},
       .kind = numbered,
       .title = "Stationary law of RMSprop",
       .printed = "E X = 0, Cov X = (η/2) H⁻¹Σ^(1/2).",
       .corrected = {},
       .note = "At leading order in η; RMSprop itself is above it by about r/4, r = ηλ/σ."},
      {.number = "C.21",
       .aliases = {},
       .kind = theorem,
       .title = "SDE of RMSpropW",
       .printed = "dX = −P⁻¹(∇f dt + √η Σ^(1/2) dW) − γX dt, dV = ρ((∇f)² + diag Σ − V) dt: an order-1 "
                  "weak approximation of RMSpropW, eq. (113).",
       .corrected = {},
       .note = {}},
      {.number = "C.22",
       .aliases = {},
       .kind = numbered,
       .title = "SDE of rescaled RMSpropW",
       .printed = "As C.18 with −κξγX dt in dX and dV = (α/κ)ρ((∇f)² + diag Σ/(Bδ) − V) dt.",
       .corrected = "dV = αρ((∇f)² + diag Σ/(Bδ) − V) dt.",
       .note = "The rule κ = √δ, ξ = κ, β̃ = 1 − κ²(1 − β) is right."},
      {.number = "C.23",
       .aliases = {},
       .kind = numbered,
       .title = "Loss of RMSpropW",
       .printed = "The bound of Lemma 3.13, for RMSpropW.",
       .corrected = {},
       .note = "(121) lacks a minus sign. Needs X* = 0."},
      {.number = "C.24",
       .aliases = {},
       .kind = numbered,
       .title = "Stationary law of RMSpropW",
       .printed = "E X = 0, Cov X = (η/2)(HΣ^(−1/2) + γI)⁻¹.",
       .corrected = {},
       .note = "At leading order in η."},
      {.number = "C.26",
       .aliases = {},
       .kind = theorem,
       .title = "SDE of Adam",
       .printed = "The SDE of 3.12 with γ = 0, eq. (124), is an order-1 weak approximation of Adam for "
                  "ρ₁ = O(η^(−ζ)), ζ in (0, 1).",
       .corrected =
           "With the noise of the fresh gradient in dX. Order 1 for functions of x; for functions of m "
           "the order is 2 − 2ζ, so below 1 for ζ > 1/2.",
       .note = "Its proof omits the fresh noise −η(ηρ₁)P⁻¹Z and takes Cov(dx, dm) = −η³ρ₁²Σ/√v for "
               "0; (132) has ρ₁ for ρ₂, (137) β₁ for β₂. A lemma with constants independent of η is "
               "applied where ρ₁ depends on η."},
      {.number = "C.27",
       .aliases = {},
       .kind = numbered,
       .title = "SDE of rescaled Adam",
       .printed = "At t = kη: dX = −κ(√γ₂/γ₁)P⁻¹(M + ηα₁ρ₁(∇f − M)) dt, dM = (α₁/κ)ρ₁(∇f − M) dt + "
                  "noise, dV = (α₂/κ)ρ₂((∇f)² + diag Σ/(Bδ) − V) dt.",
       .corrected =
           "dM = α₁ρ₁(∇f − M) dt + √(η/(Bδ)) α₁ρ₁Σ^(1/2) dW, dV = α₂ρ₂((∇f)² + diag Σ/(Bδ) − V) dt, and in "
           "dX the noise of the fresh gradient, −κ(√γ₂/γ₁)P⁻¹ηα₁ρ₁√(η/(Bδ))Σ^(1/2) dW.",
       .note = "The rule κ = √δ, β̃ᵢ = 1 − κ²(1 − βᵢ) is right. The drift of the printed dX, with "
               "ηα₁ρ₁, agrees with the correction."},
      {.number = "C.28",
       .aliases = {},
       .kind = numbered,
       .title = "Loss of Adam",
       .printed = "Asymptotically E S ≤ (ησL_τ/(4μ√B)) κ/√δ.",
       .corrected = {},
       .note = "The value is right, the proof is none: the result of its Lyapunov function f + "
               "c|M|²/2 is proportional to the free c. (149) writes ρ₂ for ρ₁² and omits d; λ in "
               "(150) is L_τ; M → ∇f contradicts Var M = (1 − β₁)σ²/2. Elimination of the fast "
               "momentum gives the value."},
      {.number = "C.29",
       .aliases = {},
       .kind = lemma,
       .title = "Loss of Adam on quadratics",
       .printed = "For Σ = σ²I asymptotically E S = (ησd/(4√B)) κ/√δ, whatever H.",
       .corrected =
           "So for Adam itself, at leading order in η; the SDE as printed has the loss with the variances "
           "of Lemma C.30, corrected.",
       .note = "At leading order in η. (166) lacks H, (167) a factor 2 on both terms, (168) has t → "
               "0 for t → ∞."},
      {.number = "C.30",
       .aliases = {},
       .kind = numbered,
       .title = "Stationary law of Adam",
       .printed = "E X = 0, Cov X = (η/2) H⁻¹Σ^(1/2).",
       .corrected =
           "At leading order in η the law of the optimizer, and of the SDE with the noise of the fresh "
           "gradient; the SDE as printed has β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ + γ) of this variance.",
       .note = "Right for the optimizer at leading order in η, not for the paper's own SDE (C.26)."},
      {.number = "C.32",
       .aliases = {},
       .kind = numbered,
       .title = "SDE of rescaled AdamW",
       .printed = "As C.27 with −κξγX dt in dX; αᵢ/κ in dM and dV.",
       .corrected = "αᵢ for αᵢ/κ, and the noise of the fresh gradient in dX, as in C.27.",
       .note = "The rule κ = √δ, ξ = κ, β̃ᵢ = 1 − κ²(1 − βᵢ) is right."},
      {.number = "D.1",
       .aliases = {},
       .kind = numbered,
       .title = "Malladi's SDE of RMSprop in its original form",
       .printed = "In time t′ = kη², with V = σ²u and total covariance σ²Σ: dX = −(σ₀√u + ε₀)⁻¹(∇f dt′ "
                  "+ σ₀Σ^(1/2) dW′), du = c₂(diag Σ − u) dt′, σ₀ = ησ, ε₀ = ηε, c₂ = (1 − β)/η².",
       .corrected = {},
       .note = {}},
      {.number = "D.2",
       .aliases = {},
       .kind = numbered,
       .title = "Malladi's SDE of RMSprop",
       .printed =
           "In time t = kη: dX = −P⁻¹(∇f dt + √η Σ^(1/2) dW), dV = ρ(diag Σ − V) dt, P = √V + ε, eq. (183).",
       .corrected = {},
       .note = "Describes RMSprop where ∇f = O(√η) only."},
      {.number = "D.3",
       .aliases = {},
       .kind = numbered,
       .title = "The two forms of Malladi's SDE of RMSprop",
       .printed = "D.1 and D.2 are the same SDE: t′ = ηt, V = σ²u.",
       .corrected = {},
       .note =
           "Euler-Maruyama with step η² for D.1 and η for D.2 gives the same path from the same normals."},
      {.number = "D.4",
       .aliases = {},
       .kind = numbered,
       .title = "Malladi's SDE of Adam in its original form",
       .printed = "In time t′ = kη²: dX = −(√γ₂/γ₁)(σ₀√u + ε₀√γ₂)⁻¹ m dt′, dm = c₁(∇f − m) dt′ + "
                  "σ₀c₁Σ^(1/2) dW′, du = c₂(diag Σ − u) dt′, cᵢ = (1 − βᵢ)/η².",
       .corrected = {},
       .note = {}},
      {.number = "D.5",
       .aliases = {},
       .kind = numbered,
       .title = "Malladi's SDE of Adam",
       .printed = "In time t = kη: dX = −(√γ₂/γ₁)P⁻¹M dt, dM = ρ₁(∇f − M) dt + √η ρ₁Σ^(1/2) dW, dV = "
                  "ρ₂(diag Σ − V) dt, P = √V + ε√γ₂, eq. (188).",
       .corrected = {},
       .note = "Describes Adam where ∇f = O(√η) only. Its stationary law is that of Lemma 3.14 at "
               "leading order, unlike that of C.26."},
      {.number = "D.6",
       .aliases = {},
       .kind = numbered,
       .title = "The two forms of Malladi's SDE of Adam",
       .printed = "D.4 and D.5 are the same SDE: t′ = ηt, V = σ²u.",
       .corrected = {},
       .note = {}},
      {.number = "E.2",
       .aliases = {},
       .kind = numbered,
       .title = "Rescaled SGD",
       .printed = "dX = −∇f dt + √(κη/(Bδ)) Σ^(1/2) dW (195), or dX = −κ∇f dt + κ√(η/(Bδ)) Σ^(1/2) dW "
                  "(196), which alone sees the speed; E S_t ≤ S₀e^(−2κμt) + (η/2)(κ/δ)L_τσ²/(2μB) (1 − "
                  "e^(−2κμt)), eq. (199), kept by κ = δ; L_τ ≤ Tr Hess f.",
       .corrected = "L_τ ≥ Tr Hess f. (195) in time kκη and (196) in time kη are the same process.",
       .note = "(198) is the bound in the clock of (195): read at t = kη it is wrong by a factor up to 6."},
      {.number = "E.3",
       .aliases = {},
       .kind = numbered,
       .title = "Rescaled SGDW",
       .printed = "The SDE (201), asymptotically E S ≤ (η/2)(κ/(Bδ)) L_τσ²/(2μ + ξγ(1 + μ/L)); to scale "
                  "γ by κ is imperative.",
       .corrected = "κ = δ with γ unchanged keeps the bound and the loss; scaling γ by κ changes them.",
       .note = "Unlike AdamW's, where H/σ itself scales with √δ. The SDE is right."},
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

std::string_view heading(StatementKind kind) {
  switch (kind) {
    case theorem:
      return "Theorem ";
    case lemma:
      return "Lemma ";
    case corollary:
      return "Corollary ";
    case remark:
      return "Remark: ";
    case sentence:
      return "Sentence: ";
    case numbered:
      break;
  }
  return "";
}

}  // namespace

std::span<const Statement> statements() { return table(); }

const Statement* find_statement(std::string_view number) {
  for (const Statement& entry : table()) {
    if (entry.number == number || std::ranges::find(entry.aliases, number) != entry.aliases.end())
      return &entry;
  }
  return nullptr;
}

const Statement& statement(std::string_view number) {
  if (const Statement* const found = find_statement(number)) return *found;
  std::vector<std::string> numbers;
  for (const Statement& entry : table()) {
    numbers.emplace_back(entry.number);
    numbers.insert(numbers.end(), entry.aliases.begin(), entry.aliases.end());
  }
  throw UnknownName("statement", number, numbers);
}

std::string label(const Statement& statement) {
  const bool has_number = statement.kind != remark && statement.kind != sentence;
  std::string text =
      fmt::format("{}{}", heading(statement.kind), has_number ? statement.number : statement.title);
  if (!statement.aliases.empty()) text += fmt::format(" ({})", fmt::join(statement.aliases, ", "));
  return text;
}

}  // namespace sdelens::papers
