"""Writes box_muller_constants.hpp: python3 lib/core/box_muller_constants.py, and then clang-format -i on it.

Needs mpmath (Debian: python3-mpmath). Everything is computed with 40 digits and rounded to doubles once; the errors
that the header states are those of the rounded numbers, in exact arithmetic.
"""

import datetime
import pathlib

import mpmath
from mpmath import mp, mpf

DIGITS = 40
LOGARITHM_TERMS = 7
CIRCLE_TERMS = 6
CELLS = 16
EXPONENT_GRID = mpf(2) ** -45  # of the slope: its products with the exponents 0 to 64 are exact doubles
LEFT, RIGHT = -mpf(1) / 32, mpf(1) / 33  # what m / centre - 1 can be


def chebyshev_interpolation(function, left, right, terms):
    """The monomial coefficients, lowest power first, of the interpolation at the Chebyshev nodes of the interval."""
    middle, half = (left + right) / 2, (right - left) / 2
    nodes = [middle + half * mp.cos(mp.pi * (2 * k + 1) / (2 * terms)) for k in range(terms)]
    vandermonde = mp.matrix([[x**power for power in range(terms)] for x in nodes])
    return list(mp.lu_solve(vandermonde, mp.matrix([function(x) for x in nodes])))


def value(coefficients, x):
    return mp.polyval([mpf(c) for c in reversed(coefficients)], x)


def largest_error(error, left, right, points=4001):
    """The largest |error| at the extrema of a fine Chebyshev grid."""
    return max(abs(error((left + right) / 2 + (right - left) / 2 * mp.cos(mp.pi * k / (points - 1)))) for k in range(points))


def logarithm(t):
    return -2 * mp.log1p(t) / t if t != 0 else mpf(-2)


def sine_over_root(square):
    return mp.sin(mp.sqrt(square)) / mp.sqrt(square) if square != 0 else mpf(1)


def cosine_of_root(square):
    return mp.cos(mp.sqrt(square))


def table():
    """Reciprocals of the cells' centres, the slope in the exponent and the offsets of the cells."""
    slope = mp.nint(-2 * mp.log(2) / EXPONENT_GRID) * EXPONENT_GRID
    # The last cell ends at u = 1, where the logarithm has its zero: with 1/2 and -63 slope it is exact there.
    reciprocals = [mpf(float(1 / (1 + (i + mpf(1) / 2) / CELLS))) for i in range(CELLS - 1)] + [mpf(1) / 2]
    offsets = [2 * mp.log(r) + 128 * mp.log(2) + 63 * (-2 * mp.log(2) - slope) for r in reciprocals[:-1]] + [-63 * slope]
    return reciprocals, slope, offsets


def doubles(name, comment, numbers):
    lines = ",\n".join(f"    {float(x).hex()}" for x in numbers)
    return f"/// {comment}\ninline constexpr std::array<double, {len(numbers)}> {name}{{\n{lines}}};\n"


def main():
    mp.dps = DIGITS
    square = (mp.pi / 4) ** 2
    unit = mp.pi / 4 * mpf(2) ** -63  # the angle of the integer 1
    series = chebyshev_interpolation(logarithm, LEFT, RIGHT, LOGARITHM_TERMS)
    sine = chebyshev_interpolation(sine_over_root, mpf(0), square, CIRCLE_TERMS)
    cosine = chebyshev_interpolation(cosine_of_root, mpf(0), square, CIRCLE_TERMS)
    sine = [c * unit ** (2 * k + 1) for k, c in enumerate(sine)]
    cosine = [c * unit ** (2 * k) for k, c in enumerate(cosine)]
    reciprocals, slope, offsets = table()

    series_error = largest_error(lambda t: value([float(c) for c in series], t) / logarithm(t) - 1, LEFT, RIGHT)
    sine_error = largest_error(
        lambda v: v * value([float(c) for c in sine], v * v) - mp.sin(unit * v), mpf(0), mpf(2) ** 63)
    cosine_error = largest_error(
        lambda v: value([float(c) for c in cosine], v * v) - mp.cos(unit * v), mpf(0), mpf(2) ** 63)

    text = f"""// Written by lib/core/box_muller_constants.py (mpmath {mpmath.__version__}, {DIGITS} digits) on {datetime.date.today()}: do not edit.
#pragma once

#include <array>

/// Constants of box_muller.hpp. Polynomials interpolate at Chebyshev nodes, lowest power first.
namespace sdelens::box_muller_constants {{

{doubles("logarithm", f"-2 log(1 + t) / t for t in [-1/32, 1/33]; relative error {mp.nstr(series_error, 2)}.", series)}
{doubles("sine", f"sin(pi/4 2^-63 v) / v in v^2, |v| <= 2^63; error of the sine {mp.nstr(sine_error, 2)}.", sine)}
{doubles("cosine", f"cos(pi/4 2^-63 v) in v^2, |v| <= 2^63; error {mp.nstr(cosine_error, 2)}.", cosine)}
/// -2 log 2, in multiples of 2^-45.
inline constexpr double slope = {float(slope).hex()};

{doubles("reciprocals", "Of each sixteenth of [1, 2): the reciprocal r of its centre; 1/2 of the last.", reciprocals)}
{doubles("offsets", "With which offset + slope e = 2 log(2^64 r) - 2 e log 2 at e = 63.", offsets)}
}}  // namespace sdelens::box_muller_constants
"""
    pathlib.Path(__file__).with_suffix(".hpp").write_text(text)


if __name__ == "__main__":
    main()
