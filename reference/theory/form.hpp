#pragma once

namespace sdelens::theory {

/// Which form of a statement: the one that the paper prints, or the one that its proof supports when it is
/// carried out again. Where both exist, the function says what separates them.
enum class Form { printed, corrected };

}  // namespace sdelens::theory
