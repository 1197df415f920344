// Written by lib/core/box_muller_constants.py (mpmath 1.3.0, 40 digits) on 2026-11-24: do not edit.
#pragma once

#include <array>

/// Constants of box_muller.hpp. Polynomials interpolate at Chebyshev nodes, lowest power first.
namespace sdelens::box_muller_constants {

/// -2 log(1 + t) / t for t in [-1/32, 1/33]; relative error 5.2e-14.
inline constexpr std::array<double, 7> logarithm{
    -0x1.fffffffffffcep+0, 0x1.0000000019808p+0, -0x1.55555557e95c2p-1, 0x1.fffff2da7db6dp-2,
    -0x1.99994bdb54fe5p-2, 0x1.55c1d9a1a8a36p-2, -0x1.25cce408f5982p-2};

/// sin(pi/4 2^-63 v) / v in v^2, |v| <= 2^63; error of the sine 3.3e-15.
inline constexpr std::array<double, 6> sine{0x1.921fb54442cfap-64,  -0x1.4abbce6257a2ap-193,
                                            0x1.466bc67123fa1p-324, -0x1.32d2c644adc0bp-456,
                                            0x1.5071ce4b47930p-589, -0x1.dd54805f3f706p-723};

/// cos(pi/4 2^-63 v) in v^2, |v| <= 2^63; error 5.6e-14.
inline constexpr std::array<double, 6> cosine{0x1.ffffffffffe0bp-1,   -0x1.3bd3cc9bd2c35p-128,
                                              0x1.03c1f074ded21p-258, -0x1.55d3ba300cd50p-390,
                                              0x1.e1e7ccccb387ap-523, -0x1.a0ee132c60c1fp-656};

/// -2 log 2, in multiples of 2^-45.
inline constexpr double slope = -0x1.62e42fefa3a00p+0;

/// Of each sixteenth of [1, 2): the reciprocal r of its centre; 1/2 of the last.
inline constexpr std::array<double, 16> reciprocals{
    0x1.f07c1f07c1f08p-1, 0x1.d41d41d41d41dp-1, 0x1.bacf914c1bad0p-1, 0x1.a41a41a41a41ap-1,
    0x1.8f9c18f9c18fap-1, 0x1.7d05f417d05f4p-1, 0x1.6c16c16c16c17p-1, 0x1.5c9882b931057p-1,
    0x1.4e5e0a72f0539p-1, 0x1.4141414141414p-1, 0x1.3521cfb2b78c1p-1, 0x1.29e4129e4129ep-1,
    0x1.1f7047dc11f70p-1, 0x1.15b1e5f75270dp-1, 0x1.0c9714fbcda3bp-1, 0x1.0000000000000p-1};

/// With which offset + slope e = 2 log(2^64 r) - 2 e log 2 at e = 63.
inline constexpr std::array<double, 16> offsets{
    0x1.62a52ab986af9p+6, 0x1.622ca95b4c74ap+6, 0x1.61badac021a0bp+6, 0x1.614f0a45d45a9p+6,
    0x1.60e89e68cdbc2p+6, 0x1.60871398477c5p+6, 0x1.6029f837b89ecp+6, 0x1.5fd0e97ecb77bp+6,
    0x1.5f7b91002a0e1p+6, 0x1.5f29a2af0b676p+6, 0x1.5edadb463a2bcp+6, 0x1.5e8efefae66a8p+6,
    0x1.5e45d86b0133bp+6, 0x1.5dff37bace157p+6, 0x1.5dbaf1d837905p+6, 0x1.5d589f2fe5118p+6};

}  // namespace sdelens::box_muller_constants
