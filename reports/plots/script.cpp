#include "reports/plots/script.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "reports/text/words.hpp"

namespace sdelens::reports {
namespace {

struct Colour {
  double red, green, blue;
};
constexpr std::array<Colour, 7> palette{{{0, 114, 178},
                                         {213, 94, 0},
                                         {0, 158, 115},
                                         {204, 121, 167},
                                         {230, 159, 0},
                                         {86, 180, 233},
                                         {120, 120, 120}}};
// The marks differ with the colour, for readers and printers without any.
constexpr std::array<int, 7> open_marks{6, 4, 8, 12, 10, 14, 2};
constexpr std::array<int, 7> filled_marks{7, 5, 9, 13, 11, 15, 1};

// In pixels of the SVG.
constexpr int axes_height = 385;
constexpr int below_axes_height = 66;

constexpr std::size_t most_points_with_marks = 25;
constexpr std::size_t most_points_with_bars = 12;
constexpr std::size_t letters_of_an_axis = 36;

std::size_t palette_index(int colour) {
  const int size = static_cast<int>(palette.size());
  return static_cast<std::size_t>(((colour % size) + size) % size);
}

/// The palette's colour, mixed with white (share > 0) or black (share < 0).
std::string shade(int colour, double share) {
  const auto mix = [share](double value) {
    const double mixed = share > 0.0 ? value + share * (255.0 - value) : value * (1.0 + share);
    return static_cast<int>(std::lround(mixed));
  };
  const Colour& base = palette[palette_index(colour)];
  return fmt::format("#{:02x}{:02x}{:02x}", mix(base.red), mix(base.green), mix(base.blue));
}

std::size_t letters(const std::string& text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// In gnuplot's double quotes a quote, a backslash and a backtick act; by their octal codes they do not.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : one_line(text)) {
    const bool acts = c == '"' || c == '\\' || c == '`';
    result += acts ? fmt::format("\\{:03o}", static_cast<unsigned>(c)) : std::string(1, c);
  }
  return result + "\"";
}

constexpr const char* contour_style = "with lines lc rgb '#b4b4b4' lw 0.8 dt solid";

bool has_contours(const Panel& panel) { return !panel.contours.levels.empty(); }

std::size_t legend_columns(const Panel& panel) {
  std::size_t longest = has_contours(panel) ? letters(panel.contours.label) : 0;
  for (const PanelSeries& series : panel.series) longest = std::max(longest, letters(series.label));
  if (longest <= 13) return 3;
  return longest <= 24 ? 2 : 1;
}

std::size_t legend_rows(const Panel& panel) {
  const std::size_t columns = legend_columns(panel);
  const std::size_t entries = panel.series.size() + (has_contours(panel) ? 1 : 0);
  return (entries + columns - 1) / columns;
}

int legend_height(const Panel& panel) { return 26 * static_cast<int>(legend_rows(panel)) + 12; }

std::string line_style(const PanelSeries& series) {
  const std::size_t index = palette_index(series.colour);
  const bool sparse = series.points() <= most_points_with_marks;
  const auto marks = [sparse](int mark, double size) {
    return sparse ? fmt::format(" pt {} ps {}", mark, size) : std::string();
  };
  const char* with = sparse ? "linespoints" : "lines";
  switch (series.role) {
    case Role::optimizer:
      return fmt::format("with {} lc rgb '{}' lw 4 dt solid{}", with, shade(series.colour, 0.35),
                         marks(filled_marks[index], 0.9));
    case Role::sde:
      return fmt::format("with {} lc rgb '{}' lw 2.2 dt (9,5){}", with, shade(series.colour, -0.15),
                         marks(filled_marks[index], 0.6));
    case Role::theory:
      return fmt::format("with linespoints lc rgb '{}' lw 1.6 dt (2,4) pt {} ps 0.8{}",
                         shade(series.colour, -0.6), open_marks[index], sparse ? "" : " pn 11");
    case Role::bound:
      return fmt::format("with {} lc rgb '{}' lw 1.8 dt (12,4,2,4){}", with, shade(series.colour, -0.4),
                         marks(open_marks[index], 0.6));
  }
  return "with lines";
}

std::string band_style(const PanelSeries& series) {
  if (series.points() <= most_points_with_bars) {
    return fmt::format("with yerrorbars lc rgb '{}' lw 1.2 dt solid pt -1", shade(series.colour, 0.0));
  }
  return fmt::format("with filledcurves lc rgb '{}' fs transparent solid 0.2 noborder",
                     shade(series.colour, 0.0));
}

std::string tick_label(int digit, int exponent, bool plain) {
  if (plain) return fmt::format("{:g}", digit * std::pow(10.0, exponent));
  const std::string power = fmt::format("10^{{{}}}", exponent);
  return digit == 1 ? power : fmt::format("{}×{}", digit, power);
}

/// gnuplot labels whole decades only, which can leave an axis of a decade or two without a number.
std::string logarithmic_ticks(const char* axis, const Extent& extent) {
  const double decades = std::log10(extent.high) - std::log10(extent.low);
  if (decades > 3.0) {
    const int step = std::max(1, static_cast<int>(std::ceil(decades / 7.0)));
    return fmt::format("set {}tics {} enhanced\nset format {} '10^{{%T}}'\n", axis, std::pow(10.0, step),
                       axis);
  }
  const std::vector<int> digits =
      decades > 0.7 ? std::vector{1, 2, 5} : std::vector{1, 2, 3, 4, 5, 6, 7, 8, 9};
  std::string list;
  const int first = static_cast<int>(std::floor(std::log10(extent.low)));
  const int last = static_cast<int>(std::ceil(std::log10(extent.high)));
  const bool plain = first >= -3 && last <= 4;
  for (int exponent = first; exponent <= last; ++exponent) {
    for (const int digit : digits) {
      const double value = digit * std::pow(10.0, exponent);
      if (value < extent.low || value > extent.high) continue;
      list += fmt::format("{}'{}' {}", list.empty() ? "" : ", ", tick_label(digit, exponent, plain), value);
    }
  }
  if (list.find(',') == std::string::npos) {
    list.clear();
    for (int i = 0; i < 4; ++i) {
      const double value = extent.low * std::pow(extent.high / extent.low, (i + 0.5) / 4.0);
      list += fmt::format("{}'{:.4g}' {}", list.empty() ? "" : ", ", value, value);
    }
  }
  return fmt::format("set {}tics ({}) enhanced\n", axis, list);
}

std::string axis_lines(const char* name, const Axis& axis, const Extent& extent) {
  std::string text = fmt::format("set {}label {} noenhanced{}\n", name, quoted(axis.label),
                                 name[0] == 'x' ? " offset 0,0.4" : "");
  if (axis.logarithmic) text += fmt::format("set logscale {} 10\n{}", name, logarithmic_ticks(name, extent));
  return text + fmt::format("set {}range [{}:{}]\n", name, extent.low, extent.high);
}

std::string line_data(const PanelSeries& series) {
  std::string text;
  for (const auto& run : series.line) {
    if (!text.empty()) text += "\n";
    for (const PanelPoint& point : run) text += fmt::format("{} {}\n", point.x, point.y);
  }
  return text;
}

std::string band_data(const PanelSeries& series, const Panel& panel) {
  const double edge = panel.y.low;
  std::string text;
  for (const auto& run : series.band) {
    if (!text.empty()) text += "\n";
    for (const BandPoint& point : run) {
      const double low = panel.y_axis.logarithmic && point.low <= 0.0 ? edge : point.low;
      text += fmt::format("{} {} {}\n", point.x, low, point.high);
    }
  }
  return text;
}

/// The grid, and from it the level lines as data. Made before the axes have ranges: where a range ends,
/// gnuplot would cut whole cells away.
std::string contour_data(const Contours& contours) {
  std::string text = "$grid << END\n";
  for (std::size_t j = 0; j < contours.y.size(); ++j) {
    if (j > 0) text += "\n";
    for (std::size_t i = 0; i < contours.x.size(); ++i) {
      text +=
          fmt::format("{} {} {}\n", contours.x[i], contours.y[j], contours.value[i + j * contours.x.size()]);
    }
  }
  return text + fmt::format(
                    "END\nset contour base\nset cntrparam linear\nset cntrparam levels discrete {}\n"
                    "unset surface\nset table $contours\nsplot $grid using 1:2:3\nunset table\n"
                    "unset contour\nset surface\n",
                    fmt::join(contours.levels, ","));
}

/// A label that is too long for its axis is written smaller.
std::string label_fonts(const Panel& panel, int size) {
  std::string text;
  for (const auto& [name, axis] : {std::pair("x", &panel.x_axis), std::pair("y", &panel.y_axis)}) {
    const std::size_t length = std::max(letters(axis->label), letters_of_an_axis);
    text += fmt::format("set {}label font ',{}'\n", name,
                        static_cast<std::size_t>(size) * letters_of_an_axis / length);
  }
  return text;
}

/// The elements of the plot command: contours, bands, then curves by role, then the legend in the figure's
/// order.
std::vector<std::string> plot_elements(const Panel& panel) {
  std::vector<std::string> elements;
  if (has_contours(panel)) elements.push_back(fmt::format("$contours using 1:2 {} notitle", contour_style));
  for (std::size_t i = 0; i < panel.series.size(); ++i) {
    if (panel.series[i].band.empty()) continue;
    // Bars need a middle, which is not drawn.
    const char* columns = panel.series[i].points() <= most_points_with_bars ? "1:2:2:3" : "1:2:3";
    elements.push_back(fmt::format("$band{} using {} {} notitle", i, columns, band_style(panel.series[i])));
  }
  for (const Role role : {Role::optimizer, Role::sde, Role::bound, Role::theory}) {
    for (std::size_t i = 0; i < panel.series.size(); ++i) {
      if (panel.series[i].role != role || panel.series[i].line.empty()) continue;
      elements.push_back(fmt::format("$line{} using 1:2 {} notitle", i, line_style(panel.series[i])));
    }
  }
  for (const PanelSeries& series : panel.series) {
    if (series.line.empty()) continue;
    elements.push_back(fmt::format("keyentry {} title {}", line_style(series), quoted(series.label)));
  }
  if (has_contours(panel)) {
    elements.push_back(fmt::format("keyentry {} title {}", contour_style, quoted(panel.contours.label)));
  }
  return elements;
}

}  // namespace

PictureSize picture_size(const Panel& panel) {
  return {.width = 600, .height = axes_height + legend_height(panel)};
}

std::string gnuplot_script(const Panel& panel) {
  const PictureSize size = picture_size(panel);
  std::string text =
      "set encoding utf8\n"
      "set border 3 lc rgb '#444444'\n"
      "set tics nomirror out scale 0.6 textcolor rgb '#222222'\n"
      "set grid lc rgb '#dddddd' lw 0.7 dt solid\n"
      "set errorbars 0.6\n";
  // In fixed places, since the two terminals differ in the room that they leave between label and legend.
  text += fmt::format("set bmargin at screen {:.4f}\n",
                      (below_axes_height + legend_height(panel)) / static_cast<double>(size.height));
  text += fmt::format(
      "set key at screen 0.5, screen {:.4f} center bottom vertical Left reverse noenhanced samplen 4 "
      "spacing 1.15 "
      "maxrows {}\n",
      6.0 / size.height, legend_rows(panel));
  if (has_contours(panel)) text += contour_data(panel.contours);
  text += axis_lines("x", panel.x_axis, panel.x) + axis_lines("y", panel.y_axis, panel.y);
  for (std::size_t i = 0; i < panel.series.size(); ++i) {
    const PanelSeries& series = panel.series[i];
    if (!series.band.empty()) text += fmt::format("$band{} << END\n{}END\n", i, band_data(series, panel));
    if (!series.line.empty()) text += fmt::format("$line{} << END\n{}END\n", i, line_data(series));
  }
  std::string elements;
  for (const std::string& element : plot_elements(panel)) {
    elements += (elements.empty() ? "" : ", \\\n     ") + element;
  }
  text += fmt::format(
      "set terminal svg size {},{} fixed enhanced font 'sans-serif,15' background rgb 'white'\n"
      "set output 'picture.svg'\n{}plot {}\nset output\n",
      size.width, size.height, label_fonts(panel, 15), elements);
  text += fmt::format(
      "set terminal pdfcairo size {:.2f}in,{:.2f}in enhanced fontscale 0.72 linewidth 1.6 pointscale 0.8 "
      "font 'DejaVu "
      "Sans,12' background "
      "rgb "
      "'white'\nset output 'picture.pdf'\n{}replot\nset output\n",
      0.01 * size.width, 0.01 * size.height, label_fonts(panel, 12));
  return text;
}

}  // namespace sdelens::reports
