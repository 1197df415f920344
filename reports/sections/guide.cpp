#include "reports/html/section.hpp"

namespace sdelens::reports {
namespace {

constexpr const char* guide_markup = R"html(<section id="guide">
<details>
<summary><h2>How to read this page</h2></summary>
<p>Each <em>claim</em> compares a <em>prediction</em>, a formula or an exact calculation, with an <em>estimate</em> from
simulations that share no code with it.</p>
<dl class="guide">
<dt>Estimate ± se</dt>
<dd>The measured value and its standard error: the standard deviation that the estimate would show if the whole
simulation were repeated with fresh seeds. An exact calculation has none.</dd>
<dt>Interval</dt>
<dd>A range for the discrepancy, truth − prediction. It is so wide that in a whole run, with all its claims and all looks
at the data, the chance of any interval missing the truth stays below the error rate spent, stated under Summary. Claims
from few large runs have a rate of their own, stated beside it: at that of the others they could never be decided.</dd>
<dt>Margin</dt>
<dd>The discrepancy that the theory itself allows, for example the next order in the learning rate; the reason stands
beside each claim.</dd>
<dt>Resolution</dt>
<dd>What was detectable: a true discrepancy beyond it does not pass. It is never smaller than the margin.</dd>
<dt><span class="badge good">pass</span></dt>
<dd>The interval lies within the resolution and is consistent with the margin. It is shown that the discrepancy is that
small, not merely that no discrepancy was seen.</dd>
<dt><span class="badge bad">fail</span></dt>
<dd>The whole interval lies beyond the margin: the statement is wrong as it stands.</dd>
<dt><span class="badge refuted">refuted, as expected</span></dt>
<dd>The statement is printed wrongly in its source and was registered as such. The run must refute it; the corrected
statement is a claim of its own.</dd>
<dt><span class="badge open">unresolved</span></dt>
<dd>The interval decides neither way within the budget of replicas. This is never counted as a pass.</dd>
<dt><span class="badge error">error</span></dt>
<dd>There is no number to judge: not finite, overflow, or too many paths that left the domain of their equation.</dd>
</dl>
<p>A claim about a curve is judged at every point, and the error rate is shared among the points; the numbers shown are
those of the point that decided. In the pictures a thick line is an optimizer, a dashed line a simulated stochastic
differential equation, a dotted line with marks a formula or exact calculation, and a dash-dotted line a bound.</p>
</details>
</section>
)html";

const Register<Section> guide{{
    .name = "guide",
    .order = 600,
    .heading = "How to read this page",
    .markup = [](const PageContents&) { return guide_markup; },
}};

}  // namespace
}  // namespace sdelens::reports
