#pragma once

#include <string>
#include <vector>

#include "suite/study/weak_order.hpp"

/// The SDEs of Malladi et al. for RMSprop and Adam: their two forms, and where they are of weak order 1.
namespace sdelens {

/// Both forms on the same normals by Euler-Maruyama: the original with steps eta^2 in t', then that of paper A with
/// steps eta in t. Both states have a column for x, with momentum one for m, and one for the second moment, u and
/// V = sigma^2 u.
struct TwoForms {
  Problem problem;  ///< of RMSprop or Adam, with the parameters of the SDEs
  std::shared_ptr<const Process> process;

  Index columns() const { return process->dimension() / 2; }
};
TwoForms two_forms(const Problem& problem, const Stream& stream);

/// The largest difference over all replicas and steps of each column, with V for u, relative to the largest value of the
/// column; NaN if a path is not finite.
std::vector<Comparison> largest_differences(const TwoForms& forms, Index replicas, std::uint64_t steps);

/// Claims that E of an observable, "x" or "v", is that of the optimizer to order 1 at least: from x0 = sqrt(eta), near
/// the minimum, and from x0 = 1, which is refuted. The caller says where that stands.
ClaimBuilder expect_order_near(Findings& out, const std::string& optimizer, const std::string& observable,
                               const CoupledErrors& errors, const Expansion& expansion);
ClaimBuilder refute_order_away(Findings& out, const std::string& optimizer, const std::string& observable,
                               const CoupledErrors& errors, const Expansion& expansion);

/// The errors of E x and E v from both starts.
void draw_malladi_errors(Findings& out, std::string title, std::string caption, const CoupledErrors& near,
                         const CoupledErrors& away);

}  // namespace sdelens
