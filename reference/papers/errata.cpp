#include "reference/papers/errata.hpp"

namespace sdelens::papers {
namespace {

const std::vector<Erratum>& table() {
  static const std::vector<Erratum> all{
      {.id = "F1",
       .numbers = {"3.7"},
       .title = "The covariance of SignSGD near a minimum is right for σ = 1 only",
       .printed =
           "M_t = exp(−2(√(2/π)Σ^(−1/2)H + (η/π)Σ^(−1/2)H²)t), Cov_∞ = (η/2)(√(2/π) I + (η/π)H)⁻¹H⁻¹Σ^(1/2).",
       .corrected = "M_t = exp(−2(√(2/π)Σ^(−1/2)H + (η/π)Σ⁻¹H²)t), Cov_∞ = (η/2)(√(2/π) I + "
                    "(η/π)Σ^(−1/2)H)⁻¹H⁻¹Σ^(1/2).",
       .derivation = "For dX = −bX dt + √η √(1 − b²X²) dW with b = √(2/π)λ/σ, Itô gives d E X²/dt = −2b E "
                     "X² + η(1 − b² E X²): the rate is 2b + ηb², the limit η/(2b + ηb²), and b² = "
                     "(2/π)λ²/σ². Lemma C.13, which is right, contradicts Lemma 3.7 as printed.",
       .claims = {{.number = "3.7", .claim = "corrected|printed"}}},
      {.id = "F2",
       .numbers = {"3.7"},
       .title = "The term η/π is no prediction for SignSGD",
       .printed = "The covariance of Lemma 3.7, whose term (η/π)H lowers the variance below V₀ = "
                  "(η/2)√(π/2)σ/λ, is compared with SignSGD itself (Figure 2, centre-right).",
       .corrected = "With r = ηλ/σ SignSGD has the variance V₀(1 + 0.3133 r + …), its SDE (3) V₀(1 − "
                    "0.0856 r + …), the linear SDE (5) V₀/(1 + 0.3989 r): for the optimizer the term has "
                    "the wrong sign.",
       .derivation = "The stationary law of SignSGD's Markov chain by detailed balance. Lemma 3.7 is to be "
                     "judged by the linear SDE, the optimizer by its chain; as printed the lemma is closer "
                     "for σ < 1 by accident, since it makes the term negligible.",
       .claims = {{.experiment = "^lemma-3\\.7$", .claim = "^first-order/", .decisive = false}}},
      {.id = "F3",
       .numbers = {"3.2", "3.3"},
       .title = "A weak order of 1 does not tell SignSGD's SDE from an ODE",
       .printed = "The SDE of SignSGD is an order-1 weak approximation, as evidence that it describes "
                  "SignSGD with its noise.",
       .corrected = "So is dX = −Erf(Σ^(−1/2)∇f/√2) dt without noise. What tells them apart is E X² from "
                    "the minimum: there the SDE has order 2, the ODE order 1.",
       .derivation = "Noise enters E g at order η, within what order 1 leaves open. At x₀ = 0 the drift "
                     "vanishes and the first two moments of one step agree for the SDE, while the ODE "
                     "lacks the second.",
       .claims = {{.experiment = "^corollary-3\\.3$",
                   .claim = "^(order|noise)/(sde|ode)",
                   .decisive = false}}},
      {.id = "F4",
       .numbers = {"3.3", "C.16", "C.21"},
       .title = "Euler-Maruyama with dt = η hides what is wrong with an SDE",
       .printed = "The SDEs are integrated by Euler-Maruyama with dt = η, and the curves that agree "
                  "with the optimizer are shown as evidence for the SDEs.",
       .corrected = "With dt = η Euler-Maruyama is a method of its own: for SGD it is SGD, for SignSGD it "
                    "agrees with two moments of every step and has order 2, for the linear SDE (5) it has "
                    "the variance V₀ exactly. An SDE must be integrated with dt ≪ η to be judged.",
       .derivation = "One step with dt = η is x + η b(x) + η S(x)^(1/2)Z, whose mean and covariance are "
                     "those that the SDE was made from; for SGD with Gaussian noise its law is that of the "
                     "iterate.",
       .claims = {{.experiment = "^corollary-3\\.3$", .claim = "euler", .decisive = false},
                  {.experiment = "^fig7-", .claim = "floor/ours-", .decisive = false}}},
      {.id = "F5",
       .numbers = {"3.12", "C.26", "C.27", "C.32"},
       .title = "The SDE of Adam(W) lacks the noise of the fresh gradient",
       .printed = "dX = −(√γ₂/γ₁)P⁻¹(M + ηρ₁(∇f − M)) dt − γX dt, eqs. (10), (124), (174).",
       .corrected =
           "dX = −(√γ₂/γ₁)P⁻¹[M dt + ηρ₁((∇f − M) dt + √η Σ^(1/2) dW)] − γX dt, with the W of "
           "dM. Without the noise the stationary covariance is β₁²ρ₁/(ρ₁ + (1 − β₁)λ/σ + γ) "
           "times that of Lemma 3.14, 19 % less at β₁ = 0.9. The lemmas that are derived from it, 3.14, "
           "C.30 and C.29, are right about Adam(W).",
       .derivation = "Let a = 1/σ and Z = X − (a(1 − ηρ₁)/ρ₁)M: then dZ = −a∇f dt − aβ₁√η Σ^(1/2) dW, with "
                     "β₁ where Adam has 1. The missing term makes it 1. Exactly: the Lyapunov equation of "
                     "(X, M).",
       .claims = {{.experiment = "^lemma-3\\.14$", .claim = "^sde/"},
                  {.experiment = "^lemma-c\\.29$", .claim = "^sde"},
                  {.number = "C.27", .claim = "x-noise"}}},
      {.id = "F6",
       .numbers = {"C.26"},
       .title = "Adam's SDE is not of weak order 1 for functions of m when ζ > 1/2",
       .printed = "Order 1 for ρ₁ = O(η^(−ζ)), ζ in (0, 1).",
       .corrected = "For functions of m the order is 2 − 2ζ; order 1 for functions of x.",
       .derivation = "Var m is (1 − β₁)/(1 + β₁)σ² for Adam and (1 − β₁)σ²/2 for the SDE: they differ by a "
                     "term of order (1 − β₁)² = η^(2 − 2ζ). The lemma that the proof applies has constants "
                     "that must not depend on η.",
       .claims = {{.number = "C.26", .claim = "^m2/"}}},
      {.id = "F7",
       .numbers = {"C.18", "C.22", "C.27", "C.32"},
       .title = "Rescaled RMSprop(W) and Adam(W): α/κ should be α",
       .printed = "dV = (α/κ)ρ((∇f)² + diag Σ/(Bδ) − V) dt, and dM likewise, at t = kη.",
       .corrected = "dV = αρ((∇f)² + diag Σ/(Bδ) − V) dt, and dM likewise. The rule β̃ = 1 − κ²(1 − β) "
                    "that follows is right.",
       .derivation = "In the clock t = kη, β̃ = 1 − ηαρ. For κ = 2, β = 0.999: −ln(β̃)/η = 4.008 = αρ, not "
                     "(α/κ)ρ = 2, and X speeds up by κ√δ = κ², so α = κ².",
       .claims = {{.number = "C.18"}, {.number = "C.22"}, {.number = "C.27"}, {.number = "C.32"}}},
      {.id = "F8",
       .numbers = {"E.3"},
       .title = "SGDW: γ must not be scaled by κ",
       .printed = "It is imperative to scale γ by κ.",
       .corrected = "κ = δ with γ unchanged keeps the bound and the loss.",
       .derivation = "The bound is (η/2)κL_τσ²/(Bδ(2μ + γ̃(1 + μ/L))): κ = δ cancels, γ̃ does not. Exactly "
                     "Var = ησ²/(B(λ + γ)(2 − η(λ + γ))). Scaling γ is right for AdamW, where λ/σ itself "
                     "scales with √δ.",
       .claims = {{.number = "E.3"}}},
      {.id = "F9",
       .numbers = {"3.4"},
       .title = "The SDE of phase 3 is not defined on all of phase 3",
       .printed = "Eq. (5) for |Y| < 1.",
       .corrected = "Eq. (5) is real for |Y| ≤ √π/2 = 0.886 only, and describes SignSGD for small |Y|: at "
                    "|Y| = 1 its drift is off by 34 %.",
       .derivation = "The diffusion is √(1 − (4/π)Y²). Erf is replaced by its tangent at 0: 2/√π = 1.128 "
                     "at Y = 1, where Erf(1) = 0.843.",
       .claims = {{.number = "3.4", .claim = "^(domain|linear|phase-3)"}}},
      {.id = "F10",
       .numbers = {"3.9", "remark-3.9"},
       .title = "Schedules: the hypotheses do not give the rate of the main text",
       .printed = "(6): ∫η_s ds = ∞ and η_t → 0 give E S_t ≲ (L_τσ/(4μ))√(π/2) η_t.",
       .corrected =
           "They give E S_t → 0, which is all that C.11, (76), says. The rate needs also η_t′/η_t² → 0.",
       .derivation = "With E S = N/D, l'Hôpital on N/(Dη_t) has D(2ηbη_t + η_t′/η_t) below, t in iterations, "
                     "b = √(2/π)μ/σ. For η_t = 1/(t + 1) the second term does not vanish beside the first, "
                     "and the loss falls like k^(−2ηb).",
       .claims = {{.number = "3.9"}, {.number = "remark-3.9"}}},
      {.id = "3.9-eta",
       .numbers = {"3.9"},
       .title = "Schedules: (6) has η_t for η η_t",
       .printed = "Main text: E S_t ≲ (L_τσ_max/(4μ))√(π/2) η_t, where η η_t is the learning rate.",
       .corrected = "E S_t ≲ (L_τσ_max/(4μ))√(π/2) η η_t.",
       .derivation =
           "SignSGD at the constant rate ηη_t has the variance (ηη_t/2)√(π/2)σ/λ. Without η the bound "
           "is 1/η times as high.",
       .claims = {{.number = "3.9", .claim = "asymptote"}}},
      {.id = "C.6-misprints",
       .numbers = {"3.2"},
       .title = "SignSGD's one-step moments: (18) and (19)",
       .printed = "(18) has f_γ, (19) the sign of an indicator.",
       .corrected = "(18) ∇f_γ; (19) E sign(∂ᵢf_γ). sign(0) = 1 is implied; the noise needs a density.",
       .derivation = "E sign(u) = 1 − 2 P(u < 0) where P(u = 0) = 0. With a finite sum P(∂ᵢf_γ < 0) is a "
                     "step function of x and the drift is not smooth."},
      {.id = "3.4-phase-2",
       .numbers = {"3.4"},
       .title = "Phase 2: signs of the drift, and q⁻ for Y < 0",
       .printed = "mY + q⁻ ≤ dE X/dt ≤ mY + q⁺; P(|X − E X|² > a) ≤ (η/a)(d − |mY + q⁻|²).",
       .corrected = "−(mY + q⁺) ≤ dE X/dt ≤ −(mY + q⁻), expectation over Y; the deviation with (m|Y| + "
                    "q₁)², for t ≤ 1.",
       .derivation = "The drift is −Erf(Y). At Y = −1.2 (mY − q₂)² = 0.82928 > Erf² = 0.82867, the wrong "
                     "side. η(1 − Erf²) is the rate of the variance, Var ≤ η∫E(1 − Erf²) dt.",
       .claims = {{.number = "3.4", .claim = "^(drift|deviation)"}}},
      {.id = "3.4-misprints",
       .numbers = {"3.4"},
       .title = "Proof of the three phases: (42), (49) and Erf(x) ~ 2/√π",
       .printed = "(42) without dt; (49) \"exists i: |.|² > a\"; Erf(x) ~ 2/√π.",
       .corrected = "dt; a/d for a; Erf(x) ~ 2x/√π.",
       .derivation = "A sum of d terms above a has one above a/d. Markov's inequality for the sum gives "
                     "the stated result without (49)."},
      {.id = "3.5-phase-1",
       .numbers = {"3.5"},
       .title = "Phase 1: the bound is not tight and rises again",
       .printed = "S_t ≤ ¼(√μ t − 2√S₀)².",
       .corrected =
           "S_t ≤ ½(√μ t − √(2S₀))² for t ≤ t* = √(2S₀/μ). The printed bound holds, for t ≤ 2√(S₀/μ).",
       .derivation =
           "dS = −|∇f|₁ dt ≤ −|∇f|₂ dt ≤ −√(2μS) dt, so √S ≤ √S₀ − √(μ/2) t; an equality in one dimension.",
       .claims = {{.experiment = "^fig2-loss$", .claim = "phase-1", .decisive = false}}},
      {.id = "3.5-phase-2",
       .numbers = {"3.5"},
       .title = "Phase 2: q̂ is the smaller intercept",
       .printed = "q̂ = max(q₁, q₂); (56) with q⁻; (61) without ημ/2.",
       .corrected = "q̂ = min(q₁, q₂) = q₁. As printed the bound holds while ημ ≤ 75 σ_min, thanks to a "
                    "term that the proof drops.",
       .derivation = "|Erf(Y)| ≥ m|Y| + q₁ for both signs. dS ≤ −(m/√2)∇fᵀΣ^(−1/2)∇f − q₁|∇f|₁ + "
                     "(η/2)Tr(H(I − (m|Y| + q₁)²)); the dropped −q₁|∇f|₁ pays for q₂² − q₁².",
       .claims = {{.experiment = "^lemma-3\\.5$", .claim = "phase-2/bound", .decisive = false}}},
      {.id = "3.10-scale",
       .numbers = {"3.10"},
       .title = "Student-t noise: the main text omits the scale",
       .printed =
           "Main text: ∇f_γ = ∇f + U, U ~ t_ν(0, I), with Σ^(−1/2) in the SDE (7). The appendix, C.8, has "
           "the scale.",
       .corrected = "∇f_γ = ∇f + Σ^(1/2)U.",
       .derivation = "1 − 2 P(∇f + σU < 0) = 1 − 2F_ν(−∇f/σ) = 2Ξ(∇f/σ), odd. Σ is a scale; the covariance "
                     "is ν/(ν − 2) Σ, infinite for ν ≤ 2.",
       .claims = {{.number = "3.10"}}},
      {.id = "C.16-misprints",
       .numbers = {"C.16", "C.21"},
       .title = "RMSprop: (92) and (97), (93) and (134)",
       .printed = "(97) diag(v + εI)^(−1/2), (92) √v + ε; (93) and (134) shift the index of v.",
       .corrected = "√v + ε, as in the statement, with the new v_{k+1}.",
       .derivation =
           "The statement uses √V + ε. The shift is of order η and does not change the order of the SDE."},
      {.id = "C.26-misprints",
       .numbers = {"C.26"},
       .title = "Adam: (132) and (137)",
       .printed = "(132) ρ₁, (137) β₁.",
       .corrected = "(132) ρ₂, (137) β₂.",
       .derivation = "Both stand in the equation of v."},
      {.id = "C.23-sign",
       .numbers = {"3.13", "C.23"},
       .title = "The loss bound of RMSpropW: (121) lacks a minus",
       .printed = "(121) without a minus sign.",
       .corrected = "With it; the bound that follows is right, for X* = 0.",
       .derivation = "d E S ≤ −κ(2μ√(Bδ)/σ + ξγ(1 + μ/L)) E S dt + …, a contraction."},
      {.id = "3.13-minimum",
       .numbers = {"3.13", "C.23"},
       .title = "The loss bounds of AdamW and RMSpropW: X* = 0 is not printed",
       .printed =
           "Asymptotically E S_t ≤ (η/2) κL_τ/(2μ√(Bδ)/σ + ξγ(1 + μ/L)), without a condition on the minimum.",
       .corrected = "For X* = 0.",
       .derivation =
           "The decay draws X to 0, not to X*: the mean of AdamW stays where ∇f/√V = −γX, at a loss "
           "that does not vanish with η.",
       .claims = {{.number = "3.13", .claim = "^minimum"}}},
      {.id = "C.28-mu",
       .numbers = {"C.28"},
       .title = "Adam's loss bound: μ is missing",
       .printed = "E S ≤ (ησL_τ/(4√B))κ/√δ.",
       .corrected = "E S ≤ (ησL_τ/(4μ√B))κ/√δ, as C.19 and Lemma 3.13 at γ = 0.",
       .derivation =
           "In one dimension L_τ = μ = λ, and C.29 has ησ/4, which the print makes ησλ/4: too little "
           "for λ < 1.",
       .claims = {{.number = "C.28"}}},
      {.id = "C.28-proof",
       .numbers = {"C.28", "C.29", "C.30"},
       .title = "Adam's loss: the proof proves nothing, the value is right all the same",
       .printed = "A Lyapunov function f + c|M|²/2; M → ∇f; (149) ρ₂, (150) λ.",
       .corrected = "E S ≤ (ησL_τ/(4μ√B))κ/√δ by elimination of the fast momentum, see F5. (149) ρ₁² and "
                    "a factor d; (150) L_τ.",
       .derivation = "The Itô term is cκ²ηρ₁²σ²d/(2Bδ): the result is proportional to the free c. Var M = "
                     "(1 − β₁)σ²/2 is far above (∇f)²."},
      {.id = "C.29-misprints",
       .numbers = {"C.29"},
       .title = "Adam's loss on quadratics: (166), (167), (168)",
       .printed = "(166) without H, (167) without a factor 2 on both terms, (168) t → 0.",
       .corrected = "H; 2 on both terms, whose ratio is unaffected; t → ∞.",
       .derivation = "The limit is that of the stationary equation; ½Tr(H(η/2)H⁻¹Σ^(1/2)) = ησd/4."},
      {.id = "E.2-trace",
       .numbers = {"E.2"},
       .title = "Rescaled SGD: L_τ ≤ Tr",
       .printed = "L_τ ≤ Tr Hess f.",
       .corrected = "L_τ ≥ Tr Hess f, as everywhere else.",
       .derivation =
           "The Itô term is (η/2)Tr(Hess f Σ) ≤ (η/2)L_τσ². With L_τ = Tr/2, which the print allows, SGD "
           "exceeds the bound.",
       .claims = {{.experiment = "^lemma-e\\.2$", .claim = "^trace", .decisive = false}}},
      {.id = "fig5-reference",
       .numbers = {"3.13", "3.14"},
       .title = "Figure 5: the prediction is that of Lemma 3.14, F.6 cites C.28",
       .printed = "F.6 gives C.28, the bound of Adam without weight decay, for the lines of Figure 5, left.",
       .corrected = "½Tr(H Cov) with the covariance of Lemma 3.14; the bound of Lemma 3.13 is 1.9 and 1.7 "
                    "times higher.",
       .derivation = "With H = diag(1, 3), σ = 1, η = 10⁻³: C.28 gives 1.0·10⁻³, Lemma 3.13 6.0·10⁻⁴ (γ = "
                     "1), Lemma 3.14 3.1·10⁻⁴; only the last is what AdamW has.",
       .claims = {{.number = "3.14", .experiment = "^fig5-scaling", .decisive = false}}},
      {.id = "fig5-settings",
       .numbers = {"sentence-betas-basin"},
       .title = "Figure 5: caption and F.6 disagree",
       .printed = "β₁ in {0.9, 0.999} in the caption and {0.99, 0.999} in F.6; right panel \"run Adam\" "
                  "in F.6, AdamW and RMSpropW in the caption.",
       .corrected = "Not known.",
       .derivation = "From a start near the saddle all six choices go the same way, so the panel needs a "
                     "start far from it, which is not printed either."},
      {.id = "fig6-sigma",
       .numbers = {"sentence-loss-in-sigma"},
       .title = "Figure 6: the largest σ is 100",
       .printed = "The legend ends with 10³, F.7 with 100.",
       .corrected = "100.",
       .derivation = "The axes: SGD's limit ησ²/2 is 50 for σ = 100 and would be 5000; SignSGD's is 0.63 "
                     "and would be 6.3."},
      {.id = "fig6-verified",
       .numbers = {"3.5", "3.13", "C.29", "sentence-loss-in-sigma"},
       .title = "Figure 6: the predictions are not perfectly verified at the smallest noise",
       .printed = "\"All bounds perfectly verified.\"",
       .corrected = "On a logarithmic axis only. At σ = 0.01, where ηλ/σ = 1, SignSGD's loss is 1.87 "
                    "times its limit, Adam's 14 % and AdamW's 21 % below theirs.",
       .derivation = "The limits are the leading order in ηλ/σ. SignSGD cannot be closer to the minimum "
                     "than its step η; its exact Markov chain has the value.",
       .claims = {{.experiment = "^fig6-"}}},
  };
  return all;
}

}  // namespace

std::span<const Erratum> errata() { return table(); }

}  // namespace sdelens::papers
