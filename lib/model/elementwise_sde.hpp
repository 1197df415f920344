#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sdelens/model/equation.hpp"
#include "sdelens/model/noise_product.hpp"
#include "sdelens/model/sde.hpp"

namespace sdelens {

/// An equation of one coordinate (equation.hpp) for all coordinates: it evaluates what the equation reads, and owns the
/// loops and where the numbers lie, for blocks of replicas in double precision and for flat arrays of floats.
template <class Equation>
class ElementwiseSde final : public Sde, private CoordinateEquation {
  static constexpr std::size_t kept = std::tuple_size_v<std::remove_cvref_t<decltype(Equation::columns)>>;
  static constexpr std::size_t moved = std::tuple_size_v<std::remove_cvref_t<decltype(Equation::motions)>>;
  static constexpr std::make_index_sequence<kept> each{};
  static constexpr std::make_index_sequence<moved> motion_indices{};
  static constexpr bool sees(Motion motion) { return std::ranges::count(Equation::motions, motion) > 0; }

 public:
  /// Fills the numbers of coordinate i besides x at t = 0.
  using Start = std::function<void(const Local<double>& here, Index i, std::span<double> columns)>;

  /// @param owner  begins the messages
  /// @throw InvalidParameter unless the source has what the equation asks for: loss and noise, independent coordinates for
  ///        Motion::own or the mean sign, a covariance for Motion::gradient_noise
  ElementwiseSde(std::string owner, SdeContext context, Equation equation, Start start)
      : owner_(std::move(owner)),
        context_(std::move(context)),
        equation_(std::move(equation)),
        start_(std::move(start)),
        loss_(require_loss(owner_, *context_.source)),
        noise_(require_noise(owner_, *context_.source)),
        constant_(noise_.constant_deviations() != nullptr),
        deviations_(constant_ ? *noise_.constant_deviations() : Eigen::ArrayXd::Zero(coordinates())) {
    if (sees(Motion::gradient_noise) && !noise_.has_covariance()) {
      throw InvalidParameter(owner_, "noise",
                             "must be gaussian, or have another covariance: the equation needs it");
    }
    if ((sees(Motion::own) || step_reads.mean_sign) && !noise_.independent()) {
      throw InvalidParameter(owner_, "noise",
                             "must be diagonal: the signs of dependent coordinates are correlated, and this "
                             "equation has independent ones");
    }
  }

  Index dimension() const override { return static_cast<Index>(1 + kept) * coordinates(); }
  Index coordinates() const override { return context_.source->dimension(); }
  Index noise_dimension() const override { return static_cast<Index>(moved) * coordinates(); }

  Point start_state(const Point& x) const override {
    const Index d = coordinates();
    Point result(dimension());
    result.head(d) = x;
    if (!start_) return result;
    constexpr Reads both{.gradient = true, .deviation = true};
    const Inputs inputs = evaluate<both>(0.0, x.transpose().array(), space_of(1));
    for (Index i = 0; i < d; ++i) {
      std::array<double, kept> columns;
      with_inputs<both>(inputs, i, [&](const auto& local) { start_(local(0), i, columns); });
      for (std::size_t j = 0; j < kept; ++j) result(static_cast<Index>(j + 1) * d + i) = columns[j];
    }
    return result;
  }

  void drift(double t, In state, Out b) const override {
    const Index d = coordinates();
    const Inputs inputs = evaluate<Equation::drift_reads>(t, state.leftCols(d), b.leftCols(d));
    change<Equation::drift_reads>(
        t, One{}, inputs, state, [](Index) { return Still{}; }, b);
  }

  void diffuse(double t, In state, In dw, Out s_dw) const override {
    if (moved == 0) return void(s_dw.setZero());
    const Index d = coordinates();
    const auto x = state.leftCols(d);
    // Its own columns take what does not need all of them.
    constexpr bool multiplies = sees(Motion::gradient_noise);
    const Inputs inputs =
        evaluate<Equation::diffusion_reads>(t, x, multiplies ? space_of(state.rows()) : s_dw.leftCols(d));
    Batch& apart = scratch().products;
    if (multiplies && moved > 1 + kept) apart.resize(dw.rows(), dw.cols());
    Out products = moved > 1 + kept ? Out(apart) : s_dw.leftCols(dw.cols());
    for (std::size_t k = 0; k < moved; ++k) {
      const Index column = static_cast<Index>(k) * d;
      if (Equation::motions[k] == Motion::gradient_noise)
        noise_.root_times(iteration(t), x, dw.middleCols(column, d), products.middleCols(column, d));
    }
    const auto motions = [&](Index i) {
      Diffused result;
      for (std::size_t k = 0; k < moved; ++k) {
        const Index column = static_cast<Index>(k) * d + i;
        const bool own = Equation::motions[k] == Motion::own;
        result.w[k] = own ? dw.col(column).data() : products.col(column).data();
      }
      return result;
    };
    change<Equation::diffusion_reads>(t, Zero{}, inputs, state, motions, s_dw);
  }

  void increment(double t, double h, In state, In dw, Out space, Out dx) const override {
    if (sees(Motion::gradient_noise) && !(constant_ && noise_.independent())) {
      return Sde::increment(t, h, state, dw, space, dx);
    }
    const Index d = coordinates();
    const Inputs inputs = evaluate<step_reads>(t, state.leftCols(d), space.leftCols(d));
    const auto motions = [&](Index i) {
      Stepped result;
      result.sigma = deviations_(i);
      for (std::size_t k = 0; k < moved; ++k) result.w[k] = dw.col(static_cast<Index>(k) * d + i).data();
      return result;
    };
    change<step_reads>(t, h, inputs, state, motions, dx);
  }

  bool restricted() const override { return restricts; }

  void mark_outside(double t, In state,
                    Eigen::Ref<Eigen::Array<bool, Eigen::Dynamic, 1>> outside) const override {
    if constexpr (restricts) {
      const auto x = state.leftCols(coordinates());
      const Inputs inputs = evaluate<Equation::drift_reads>(t, x, space_of(state.rows()));
      const Equation equation = equation_;
      const auto now = numbers_at(t);
      bool* const marks = outside.data();
      for (Index i = 0; i < coordinates(); ++i) {
        with_inputs<Equation::drift_reads>(inputs, i, [&](const auto& local) {
#pragma omp simd
          for (Index row = 0; row < state.rows(); ++row)
            marks[row] = marks[row] | equation.outside(now, local(row));
        });
      }
    }
  }

  const CoordinateEquation* coordinate_equation() const override { return this; }

 private:
  static constexpr bool restricts = requires(const Equation& e, const Local<double>& l) {
    e.outside(e.at(0.0, 0.0, 0.0), l);
  };
  static constexpr Reads step_reads{
      .gradient = Equation::drift_reads.gradient || Equation::diffusion_reads.gradient,
      .deviation = Equation::drift_reads.deviation || Equation::diffusion_reads.deviation,
      .mean_sign = Equation::drift_reads.mean_sign || Equation::diffusion_reads.mean_sign};

  /// Space of one thread, kept from one call to the next.
  struct Scratch {
    Batch gradient, deviation, mean_sign, products;
  };
  static Scratch& scratch() {
    thread_local Scratch result;
    return result;
  }
  Out space_of(Index rows) const {
    Batch& space = scratch().gradient;
    space.resize(rows, coordinates());
    return space;
  }

  /// Where what is read lies: the first columns and the distances to the next ones.
  struct Inputs {
    const double *gradient, *mean_sign, *deviation;
    Index gradient_stride, mean_sign_stride, deviation_stride;
  };

  double iteration(double t) const {
    if constexpr (requires { Equation::iteration(t, context_.learning_rate); }) {
      return Equation::iteration(t, context_.learning_rate);
    } else {
      return t / context_.learning_rate;
    }
  }
  auto numbers_at(double t) const {
    return equation_.at(t, context_.learning_rate, context_.schedule->factor(iteration(t)));
  }

  /// What is read at (t, x); deviations that do not vary are in deviations_ alone.
  /// @param space  overwritten; of the shape of x
  template <Reads reads>
  Inputs evaluate(double t, In x, Out space) const {
    Inputs result{};
    if (reads.gradient || reads.mean_sign) {
      loss_.gradient(x, space);
      result.gradient = space.data();
      result.gradient_stride = space.outerStride();
    }
    if (!constant_ && reads.deviation) {
      Batch& deviation = scratch().deviation;
      deviation.resize(x.rows(), x.cols());
      noise_.deviation(iteration(t), x, deviation);
      result.deviation = deviation.data();
      result.deviation_stride = deviation.outerStride();
    }
    if constexpr (reads.mean_sign && reads.gradient) {
      Batch& y = scratch().mean_sign;
      y = space;
      mean_sign(t, x, y, result);
    } else if constexpr (reads.mean_sign) {
      mean_sign(t, x, space, result);
    }
    return result;
  }

  /// From the gradient to the mean sign, over y.
  void mean_sign(double t, In x, Out y, Inputs& inputs) const {
    noise_.mean_sign(iteration(t), x, y);
    inputs.mean_sign = y.data();
    inputs.mean_sign_stride = y.outerStride();
  }

  /// use(local) with local(row), what is read about coordinate i in a row.
  template <Reads reads, class Use>
  void with_inputs(const Inputs& inputs, Index i, const Use& use) const {
    const double* const g = inputs.gradient + i * inputs.gradient_stride;
    const double* const e = inputs.mean_sign + i * inputs.mean_sign_stride;
    const auto local = [g, e]([[maybe_unused]] Index row, [[maybe_unused]] double deviation) {
      Local<double> result;
      if (reads.gradient) result.gradient = g[row];
      if (reads.mean_sign) result.mean_sign = e[row];
      if (reads.deviation) result.deviation = deviation;
      return result;
    };
    if (constant_ || !reads.deviation) {
      use([local, deviation = deviations_(i)](Index row) { return local(row, deviation); });
    } else {
      use([local, deviation = inputs.deviation + i * inputs.deviation_stride](Index row) {
        return local(row, deviation[row]);
      });
    }
  }

  /// The Brownian motions of a coordinate, row by row: none, those of a product with the diffusion, and those of a step.
  struct Still {
    template <std::size_t>
    Zero at(Index) const {
      return {};
    }
  };
  struct Diffused {
    std::array<const double*, moved> w;
    template <std::size_t k>
    auto at(Index row) const {
      if constexpr (Equation::motions[k] == Motion::own) {
        return w[k][row];
      } else {
        return NoiseProduct{w[k][row]};
      }
    }
  };
  struct Stepped {
    double sigma;
    std::array<const double*, moved> w;
    template <std::size_t k>
    auto at(Index row) const {
      if constexpr (Equation::motions[k] == Motion::own) {
        return w[k][row];
      } else {
        return ScaledMotion{sigma, w[k][row]};
      }
    }
  };
  template <class Motions, std::size_t... k>
  static auto in_row(const Motions& motions, Index row, std::index_sequence<k...>) {
    if constexpr (moved > 0) {
      return std::array{motions.template at<k>(row)...};
    } else {
      return std::array<Zero, 0>{};
    }
  }

  /// The equation's change in a time h, with motions(i) as the Brownian motions of coordinate i.
  template <Reads reads, class H, class Motions>
  void change(double t, H h, const Inputs& inputs, In state, const Motions& motions, Out result) const {
    const Equation equation = equation_;
    const auto now = numbers_at(t);
    for (Index i = 0; i < coordinates(); ++i) {
      const auto w = motions(i);
      std::array<const double*, kept + 1> from;
      std::array<double*, kept + 1> to;
      for (std::size_t j = 0; j <= kept; ++j) {
        from[j] = state.col(static_cast<Index>(j) * coordinates() + i).data();
        to[j] = result.col(static_cast<Index>(j) * coordinates() + i).data();
      }
      with_inputs<reads>(inputs, i, [&](const auto& local) {
        change_column(equation, now, h, local, w, state.rows(), from, to);
      });
    }
  }

  // Arguments by value, and a row in a function of its own, so that the loop keeps all in registers.
  template <class Numbers, class H, class LocalAt, class Motions>
  static void change_column(const Equation equation, const Numbers now, H h, const LocalAt local,
                            const Motions w, Index rows, const std::array<const double*, kept + 1> from,
                            const std::array<double*, kept + 1> to) {
#pragma omp simd
    for (Index row = 0; row < rows; ++row) change_row(equation, now, h, local, w, row, from, to, each);
  }

  template <class Numbers, class H, class LocalAt, class Motions, std::size_t... j>
  static void change_row(const Equation& equation, const Numbers& now, H h, const LocalAt& local,
                         const Motions& w, Index row, const std::array<const double*, kept + 1>& from,
                         const std::array<double*, kept + 1>& to, std::index_sequence<j...>) {
    equation.change(now, h, local(row), in_row(w, row, motion_indices), from[0][row], from[j + 1][row]...,
                    to[0][row], to[j + 1][row]...);
  }

  std::vector<std::string> columns() const override {
    return {Equation::columns.begin(), Equation::columns.end()};
  }
  std::vector<Motion> motions() const override {
    return {Equation::motions.begin(), Equation::motions.end()};
  }
  Reads reads() const override { return step_reads; }

  void advance(double t, double h, const FlatLocal& here, ConstFlatArrays w, FlatArrays columns,
               std::span<float> x) const override {
    std::array<const float*, 3 + moved> read;
    read[0] = flat_input("gradient", step_reads.gradient, here.gradient, x);
    read[1] = flat_input("deviation", step_reads.deviation, here.deviation, x);
    read[2] = flat_input("mean_sign", step_reads.mean_sign, here.mean_sign, x);
    require_count("w", w.size(), moved);
    require_count("columns", columns.size(), kept);
    for (std::size_t k = 0; k < moved; ++k) read[3 + k] = flat_input("w", true, w[k], x);
    std::array<float*, 1 + kept> written{x.data()};
    for (std::size_t j = 0; j < kept; ++j) {
      require_length("columns", columns[j].size(), x.size());
      written[1 + j] = columns[j].data();
    }
    const Equation equation = equation_;
    const auto now = numbers_at(t);
    for_each_chunk(x.size(), read, written,
                   [&](const auto& in, const auto& out) { advance_chunk(equation, now, h, in, out); });
  }

  template <class Numbers>
  static void advance_chunk(const Equation equation, const Numbers now, double h,
                            const std::array<const float*, 3 + moved> in,
                            const std::array<float*, 1 + kept> out) {
#pragma omp simd
    for (std::size_t i = 0; i < flat_width; ++i)
      advance_entry(equation, now, h, i, in, out, each, motion_indices);
  }

  template <class Numbers, std::size_t... j, std::size_t... k>
  static void advance_entry(const Equation& equation, const Numbers& now, double h, std::size_t i,
                            const std::array<const float*, 3 + moved>& in,
                            const std::array<float*, 1 + kept>& out, std::index_sequence<j...>,
                            std::index_sequence<k...>) {
    Local<Single> here;
    if constexpr (step_reads.gradient) here.gradient = Single::of(in[0][i]);
    if constexpr (step_reads.deviation) here.deviation = Single::of(in[1][i]);
    if constexpr (step_reads.mean_sign) here.mean_sign = Single::of(in[2][i]);
    equation.change(now, h, here, std::array<Single, moved>{Single::of(in[3 + k][i])...},
                    Single::of(out[0][i]), Single::of(out[j + 1][i])..., Change(out[0][i]).get(),
                    Change(out[j + 1][i]).get()...);
  }

  /// The change of a number of an array, added when the step is over.
  struct Change {
    explicit Change(float& entry) : place(entry) {}
    ~Change() { place += change.value; }
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;
    Single& get() { return change; }

    float& place;
    Single change;
  };

  /// An input that is not read is not looked at: any array does.
  const float* flat_input(const char* name, bool read, std::span<const float> input,
                          std::span<float> x) const {
    if (!read) return x.data();
    require_length(name, input.size(), x.size());
    return input.data();
  }
  void require_length(const char* name, std::size_t found, std::size_t needed) const {
    if (found == needed) return;
    throw InvalidParameter(owner_, name, fmt::format("has {} entries, not {}", found, needed));
  }
  void require_count(const char* name, std::size_t found, std::size_t needed) const {
    if (found == needed) return;
    throw InvalidParameter(owner_, name, fmt::format("has {} arrays, not {}", found, needed));
  }

  std::string owner_;
  SdeContext context_;
  Equation equation_;
  Start start_;
  const Landscape& loss_;
  const NoiseLaw& noise_;
  bool constant_;
  Eigen::ArrayXd deviations_;
};

/// The SDE of an equation; see ElementwiseSde.
template <class Equation>
std::unique_ptr<Sde> elementwise_sde(std::string owner, const SdeContext& context, Equation equation,
                                     typename ElementwiseSde<Equation>::Start start = {}) {
  return std::make_unique<ElementwiseSde<Equation>>(std::move(owner), context, std::move(equation),
                                                    std::move(start));
}

}  // namespace sdelens
