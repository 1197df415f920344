#pragma once

namespace sdelens {

/// Whose words a statement is in, the strongest first. exact: a calculation, or what one confirms. corrected: what
/// should stand in the paper. printed: what does. Where a closed form exists in several, its function says what
/// separates them.
enum class Wording { exact, corrected, printed };

}  // namespace sdelens
