#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "sdelens/model/landscape.hpp"

namespace sdelens {
namespace {

double value_at(const Landscape& landscape, const Point& x) {
  Column f(1);
  landscape.value(x.transpose().array(), f);
  return f(0);
}

Point gradient_at(const Landscape& landscape, const Point& x) {
  Batch gradient(1, x.size());
  landscape.gradient(x.transpose().array(), gradient);
  return gradient.row(0).matrix().transpose();
}

// The five-point formula is exact for polynomials of degree 4, whatever h; its rounding is about
// 18 |f|max 2^-53 / (12 h) times a few operations.
template <class Function>
auto five_point_slope(const Function& at) {
  constexpr double h = 0.5;
  return ((at(-2.0 * h) - at(2.0 * h)) + 8.0 * (at(h) - at(-h))) / (12.0 * h);
}

class PolynomialLandscape : public testing::TestWithParam<std::pair<const char*, Parameters>> {};

TEST_P(PolynomialLandscape, HasTheGradientAndHessianOfItsValue) {
  const auto landscape = make_landscape(GetParam().first, GetParam().second);
  const Index d = landscape->dimension();
  for (const double shift : {-1.3, 0.0, 0.4, 2.0}) {
    Point x(d);
    for (Index i = 0; i < d; ++i) x(i) = shift + 0.3 * static_cast<double>(i);
    for (Index i = 0; i < d; ++i) {
      const auto moved = [&](double step) {
        Point y = x;
        y(i) += step;
        return y;
      };
      EXPECT_NEAR(gradient_at(*landscape, x)(i),
                  five_point_slope([&](double step) { return value_at(*landscape, moved(step)); }), 1e-13);
      for (Index j = 0; j < d; ++j) {
        EXPECT_NEAR(landscape->hessian(x)(j, i),
                    five_point_slope([&](double step) { return gradient_at(*landscape, moved(step))(j); }),
                    1e-13);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, PolynomialLandscape,
    testing::Values(std::pair{"quadratic", Parameters{{"curvatures", {1.0, 2.0, -0.5}}}},
                    std::pair{"quadratic",
                              Parameters{{"hessian", {2.0, 0.5, -0.25, 0.5, 1.0, 0.125, -0.25, 0.125, 3.0}}}},
                    std::pair{"embedded-saddle", Parameters{}},
                    std::pair{
                        "embedded-saddle",
                        Parameters{{"curvatures", {0.5, -1.0, 2.0}}, {"lambda", {0.7}}, {"xi", {-0.3}}}}));

TEST(QuadraticLandscape, HasItsClosedForm) {
  const auto diagonal = make_landscape("quadratic", {{"curvatures", {2.0, 4.0}}});
  EXPECT_EQ(value_at(*diagonal, Point{{3.0, -1.0}}), 11.0);
  EXPECT_EQ(gradient_at(*diagonal, Point{{3.0, -1.0}}), (Point{{6.0, -4.0}}));
  const auto dense = make_landscape("quadratic", {{"hessian", {2.0, 1.0, 1.0, 4.0}}});
  EXPECT_EQ(value_at(*dense, Point{{3.0, -1.0}}), 8.0);
  EXPECT_EQ(gradient_at(*dense, Point{{3.0, -1.0}}), (Point{{5.0, -1.0}}));
}

// x^2 - 0.1 x - 1 = 0 for the first coordinate: x = 0.05 +- sqrt(1.0025), with the values of theory A, section 5.
TEST(EmbeddedSaddleLandscape, HasItsMinimaAndItsSaddle) {
  const auto saddle = make_landscape("embedded-saddle", {});
  const double root = std::sqrt(1.0025);
  const std::vector<std::pair<double, double>> minima{{0.05 + root, -0.285963}, {0.05 - root, -0.219046}};
  EXPECT_NEAR(minima[0].first, 1.05125, 5e-6);
  EXPECT_NEAR(minima[1].first, -0.95125, 5e-6);
  for (const auto& [x, f] : minima) {
    const Point minimum{{x, 0.0}};
    EXPECT_NEAR(value_at(*saddle, minimum), f, 5e-7);
    EXPECT_LT(gradient_at(*saddle, minimum).norm(), 1e-15);
    EXPECT_GT(saddle->hessian(minimum).diagonal().minCoeff(), 0.0);
  }
  const Point origin = Point::Zero(2);
  EXPECT_EQ(gradient_at(*saddle, origin).norm(), 0.0);
  EXPECT_EQ(saddle->hessian(origin).diagonal(), (Point{{-1.0, 2.0}}));
}

TEST(LandscapeParameters, AreChecked) {
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<std::pair<const char*, Parameters>> refused{
      {"quadratic", {}},
      {"quadratic", {{"curvatures", {}}}},
      {"quadratic", {{"curvatures", {1.0, nan}}}},
      {"quadratic", {{"curvatures", {infinity}}}},
      {"quadratic", {{"hessian", {1.0, 2.0, 3.0}}}},
      {"quadratic", {{"hessian", {1.0, 2.0, 3.0, 4.0}}}},
      {"quadratic", {{"hessian", {nan}}}},
      {"embedded-saddle", {{"lambda", {0.0}}}},
      {"embedded-saddle", {{"lambda", {-1.0}}}},
      {"embedded-saddle", {{"lambda", {infinity}}}},
      {"embedded-saddle", {{"lambda", {nan}}}},
      {"embedded-saddle", {{"xi", {nan}}}},
      {"embedded-saddle", {{"xi", {infinity}}}},
      {"embedded-saddle", {{"curvatures", {1.0, infinity}}}}};
  for (const auto& [name, parameters] : refused) {
    EXPECT_THROW(make_landscape(name, parameters), InvalidParameter)
        << name << " " << (parameters.empty() ? "" : parameters.begin()->first);
  }
  EXPECT_THROW(make_landscape("quadratic", {{"curvatures", {1.0}}, {"hessian", {1.0}}}), UnknownName);
  EXPECT_THROW(make_landscape("saddle", {}), UnknownName);
}

}  // namespace
}  // namespace sdelens
