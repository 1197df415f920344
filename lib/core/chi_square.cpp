#include "sdelens/core/chi_square.hpp"

#include <cmath>
#include <stdexcept>

#include "sdelens/core/check.hpp"

namespace sdelens {
namespace {

constexpr std::uint64_t most_proposals = 64;  // that many rejections: less than 1e-83

/// The proposals of Marsaglia and Tsang for gamma variables of one shape, at least 1.
class Proposals {
 public:
  Proposals(const Stream& stream, double shape)
      : normals_(stream.derived("normals of the chi-square")),
        uniforms_(stream.derived("uniforms of the chi-square")),
        d_(shape - 1.0 / 3.0),
        c_(1.0 / std::sqrt(9.0 * d_)) {}

  /// Draws proposal number `proposal` of consecutive replicas.
  void draw(std::uint64_t first_replica, std::uint64_t step, std::uint64_t proposal, Index replicas) {
    z_.resize(replicas, 1);
    u_.resize(replicas, 1);
    normals_.normal(first_replica, step * most_proposals + proposal, z_);
    uniforms_.uniform(first_replica, step * most_proposals + proposal, u_);
  }

  /// The variable that was proposed for a replica, or a negative number if it is rejected.
  double at(Index row) const {
    const double z = z_(row, 0);
    const double root = 1.0 + c_ * z;
    if (!(root > 0.0)) return -1.0;
    const double v = root * root * root;
    const double square = z * z;
    // A draw of u = 0 is accepted here, or has log u = -infinity below.
    if (u_(row, 0) < 1.0 - 0.0331 * square * square) return d_ * v;
    const bool accepted = std::log(u_(row, 0)) < 0.5 * square + d_ * (1.0 - v + std::log(v));
    return accepted ? d_ * v : -1.0;
  }

 private:
  Stream normals_, uniforms_;
  double d_, c_;
  Batch z_, u_;
};

}  // namespace

void chi_square(const Stream& stream, std::uint64_t degrees_of_freedom, std::uint64_t first_replica,
                std::uint64_t step, OutColumn draws) {
  const double nu =
      require_positive("chi_square", "degrees_of_freedom", static_cast<double>(degrees_of_freedom));
  if (degrees_of_freedom == 1) {
    Batch z(draws.size(), 1);
    stream.derived("normals of the chi-square").normal(first_replica, step, z);
    draws = z.col(0).square();
    return;
  }
  Proposals block(stream, 0.5 * nu);
  Proposals again = block;
  block.draw(first_replica, step, 0, draws.size());
  for (Index row = 0; row < draws.size(); ++row) {
    double gamma = block.at(row);
    for (std::uint64_t proposal = 1; gamma < 0.0; ++proposal) {
      if (proposal == most_proposals) throw std::logic_error("chi_square: every proposal was rejected");
      again.draw(first_replica + static_cast<std::uint64_t>(row), step, proposal, 1);
      gamma = again.at(0);
    }
    draws(row) = 2.0 * gamma;
  }
}

}  // namespace sdelens
