#include "reports/plots/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "reports/plots/gnuplot.hpp"

namespace sdelens::reports {
namespace {

std::string file_stem(const std::string& text) {
  std::string result = text;
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  std::ranges::replace_if(result, std::not_fn(allowed), '-');
  return result;
}

std::string unique(const std::string& stem, std::set<std::string>& used) {
  std::string result = stem;
  for (int i = 2; !used.insert(result).second; ++i) result = fmt::format("{}-{}", stem, i);
  return result;
}

Picture draw(const Figure& figure, const std::string& gnuplot) {
  Picture picture;
  picture.csv = figure_csv(figure);
  try {
    const Panel panel = make_panel(figure);
    picture.size = picture_size(panel);
    picture.notes = panel.notes;
    if (gnuplot.empty()) {
      picture.problem = "pictures were switched off";
      return picture;
    }
    GnuplotResult drawn = run_gnuplot(gnuplot, gnuplot_script(panel));
    picture.problem = drawn.problem;
    if (!picture.problem.empty()) return picture;
    picture.svg = std::move(drawn.svg);
    picture.pdf = std::move(drawn.pdf);
  } catch (const NotDrawable& error) {
    picture.problem = error.what();
  }
  return picture;
}

}  // namespace

std::vector<std::vector<Picture>> draw_pictures(std::span<const Record> records, const std::string& gnuplot) {
  std::set<std::string> used;
  std::vector<std::vector<Picture>> pictures;
  for (const Record& record : records) {
    auto& of_record = pictures.emplace_back();
    for (const Figure& figure : record.figures) {
      of_record.push_back(draw(figure, gnuplot));
      of_record.back().stem = unique(file_stem(record.experiment + "-" + figure.id), used);
    }
  }
  return pictures;
}

}  // namespace sdelens::reports
