#include "reference/papers/statement_tables.hpp"

namespace sdelens::papers {

using enum StatementKind;

std::span<const Statement> statements_of_appendices() {
  static const std::vector<Statement> all{
      {.number = "C.8",
       .aliases = {},
       .kind = numbered,
       .title = "SDE of SignSGD with Student-t noise: appendix",
       .printed = "For ∇f_γ = ∇f + Σ^(1/2)U, U ~ t_ν(0, I): dX = −2Ξ(Σ^(−1/2)∇f) dt + √η √(I − 4 "
                  "diag(Ξ(Σ^(−1/2)∇f))²) dW with Ξ of Lemma 3.10, of weak order 1.",
       .corrected = {},
       .note =
           "Ξ = F_ν − 1/2, F_ν Student's distribution function. Σ is a scale: "
           "the covariance is ν/(ν − 2) Σ, infinite for ν ≤ 2. (38), in the proof, is right where its x is "
           "−Σ^(−1/2)∇f. The series of ₂F₁ in this form converges for |x| < √ν only; Pfaff's "
           "transformation does everywhere."},
      {.number = "C.11",
       .aliases = {},
       .kind = numbered,
       .title = "SignSGD with a schedule of the learning rate: the limit",
       .printed = "If ∫η_s ds = ∞ and η_t → 0, then E S_t → 0, eq. (76).",
       .corrected = {},
       .note = "Without a rate, and so right also where that of Lemma 3.9 in the main text is not."},
      {.number = "C.13",
       .aliases = {},
       .kind = lemma,
       .title = "Expected loss of SignSGD's phase-3 SDE",
       .printed = "E XᵀHX/2 = Σᵢ [(λᵢ/2)M_t X₀² + (η/4)(1 − M_t)σᵢ/(√(2/π) + (η/π)λᵢ/σᵢ)], M_t = "
                  "exp(−2(√(2/π)λᵢ/σᵢ + (η/π)λᵢ²/σᵢ²)t).",
       .corrected = {},
       .note = "Right, and so contradicts Lemma 3.7 as printed unless σ = 1."},
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
       .corrected = "As Lemma 3.13 for X* = 0, with its transient.",
       .note = "(121) lacks a minus sign. The proof needs X* = 0."},
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
       .printed = "Asymptotically E S ≤ (ησL_τ/(4√B)) κ/√δ, without μ.",
       .corrected = "E S ≤ (ησL_τ/(4μ√B)) κ/√δ.",
       .note = "μ is missing in print: right for μ ≥ 1, wrong for μ < 1. And the proof is none: the result "
               "of its "
               "Lyapunov function f + "
               "c|M|²/2 is proportional to the free c. (149) writes ρ₂ for ρ₁² and omits d; λ in "
               "(150) is L_τ; M → ∇f contradicts Var M = (1 − β₁)σ²/2. Elimination of the fast "
               "momentum gives the value."},
      {.number = "C.29",
       .aliases = {},
       .kind = lemma,
       .title = "Loss of Adam on quadratics",
       .printed = "For Σ = σ²I asymptotically E S = (ησd/(4√B)) κ/√δ, whatever H.",
       .corrected = {},
       .note =
           "Right about Adam at leading order in η, not about the SDE (124), as with C.30. (166) lacks H, "
           "(167) a factor 2 on both terms, (168) has t → "
           "0 for t → ∞."},
      {.number = "C.30",
       .aliases = {},
       .later = "C.52",
       .kind = numbered,
       .title = "Stationary law of Adam",
       .printed = "E X = 0, Cov X = (η/2) H⁻¹Σ^(1/2).",
       .corrected = {},
       .note =
           "Right about Adam at leading order in η. What is refuted is the SDE (124) in between, which has "
           "β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ) of this variance."},
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
           "If ∇f = O(√η), in time t = kη: dX = −P⁻¹(∇f dt + √η Σ^(1/2) dW), dV = ρ(diag Σ − V) dt, P = √V + "
           "ε, eq. (183).",
       .corrected = {},
       .note = "The condition is the paper's; without it the order is 0."},
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
       .printed =
           "If ∇f = O(√η), in time t = kη: dX = −(√γ₂/γ₁)P⁻¹M dt, dM = ρ₁(∇f − M) dt + √η ρ₁Σ^(1/2) dW, dV = "
           "ρ₂(diag Σ − V) dt, P = √V + ε√γ₂, eq. (188).",
       .corrected = {},
       .note = "The condition is the paper's. Its stationary law is that of Lemma 3.14 at "
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
       .corrected = "L_τ ≥ Tr Hess f.",
       .note =
           "(195) in time kκη and (196) in time kη are the same process. (198) is the bound in the clock of "
           "(195), and read at t = kη wrong by a factor up to 6: the paper says itself that (195) does not "
           "see "
           "the speed, so this is no refutation of it. Refuted is L_τ ≤ Tr alone."},
      {.number = "E.3",
       .aliases = {},
       .kind = numbered,
       .title = "Rescaled SGDW",
       .printed = "The SDE (201), asymptotically E S ≤ (η/2)(κ/(Bδ)) L_τσ²/(2μ + ξγ(1 + μ/L)); to scale "
                  "γ by κ is imperative.",
       .corrected = "κ = δ with γ unchanged keeps the bound and the loss; scaling γ by κ changes them.",
       .note = "Unlike AdamW's, where H/σ itself scales with √δ. The SDE is right."},
  };
  return all;
}

}  // namespace sdelens::papers
