#include "reports/plots/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <set>
#include <utility>

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

class Drawer {
 public:
  explicit Drawer(std::string gnuplot) : gnuplot_(std::move(gnuplot)) {
    if (gnuplot_.empty()) given_up_ = "pictures were switched off";
  }

  /// What is wrong with a figure costs its picture, and no other.
  Picture draw(const Figure& figure) {
    Picture picture;
    picture.csv = figure_csv(figure);
    try {
      draw(figure, picture);
    } catch (const std::exception& error) {
      picture.problem = error.what();
    }
    return picture;
  }

 private:
  void draw(const Figure& figure, Picture& picture) {
    const Panel panel = make_panel(figure);
    picture.size = picture_size(panel);
    picture.notes = panel.notes;
    picture.problem = given_up_;
    if (!picture.problem.empty()) return;
    GnuplotResult drawn = run_gnuplot(gnuplot_, gnuplot_script(panel));
    picture.problem = drawn.problem;
    if (drawn.endless) given_up_ = "not drawn, since at an earlier figure " + drawn.problem;
    if (!picture.problem.empty()) return;
    picture.svg = std::move(drawn.svg);
    picture.pdf = std::move(drawn.pdf);
  }

  std::string gnuplot_;
  /// Why no further picture is drawn; empty as long as they are.
  std::string given_up_;
};

}  // namespace

std::vector<std::vector<Picture>> draw_pictures(std::span<const Record> records, const std::string& gnuplot) {
  std::set<std::string> used;
  std::vector<std::vector<Picture>> pictures;
  Drawer drawer(gnuplot);
  for (const Record& record : records) {
    auto& of_record = pictures.emplace_back();
    for (const Figure& figure : record.figures) {
      of_record.push_back(drawer.draw(figure));
      of_record.back().stem = unique(file_stem(record.experiment + "-" + figure.id), used);
    }
  }
  return pictures;
}

}  // namespace sdelens::reports
