// SPDX-License-Identifier: Apache-2.0
// platforms/report/page.h
// The page of a result: one HTML file with its data, its figures and all that draws them inside.
//
// A document is plain JSON (docs/models/report_page.md): title, answers, facts, figures, tables. It
// is kept beside the page as report.json, so that the page can be built again without a simulation.
// Faults: no template, or no document in a folder, is a config_error that names the file.
//   page p{"study link", "lightrack study link"};  p.answer("..."); p.add(figure{...});
//   p.write(folder);
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/base/results.h"

namespace lightrack::platforms {

using document = nlohmann::ordered_json;

/// An axis; the title carries the unit.
struct page_axis {
  std::string title{};
  bool log = false;
  bool from_zero = false;
  std::optional<double> zero_at{};  ///< log axis: where the value 0 is drawn, labeled "0"
  std::vector<double> ticks{};      ///< empty: chosen by the page
  int digits = 1;                   ///< of the labels on bars
};

enum class series_style { both, points, line, formula };

/// One curve, or one color of bars. A missing y (NaN) is a gap.
struct page_series {
  std::string name{};
  std::vector<double> x{};
  std::vector<double> y{};
  std::vector<std::string> labels{};  ///< of bars: categories, instead of x
  std::vector<std::string> hover{};   ///< one text a point; empty: the value of x
  series_style style = series_style::both;
  int color = 0;  ///< index into the page's palette, which differs by theme
};

struct page_stage {
  std::string name{};
  double factor = 1;
  double gbps = 0;
  std::string formula{};
  bool total = false;  ///< the last bar: takes nothing
};

/// A dotted line with a text, across the panel at a value of an axis.
struct page_mark {
  char axis = 'y';
  double at = 0;
  std::string text{};
};

struct page_panel {
  std::string title{};
  page_axis x{};
  page_axis y{};
  std::vector<page_series> series{};
  std::vector<page_mark> marks{};
  bool bars = false;
  bool horizontal = false;  ///< of bars: categories stand above each other, the first at the bottom
  std::vector<page_stage> stages{};  ///< not empty: a waterfall
  std::string formula_name = "formula";
};

/// One of the ways a figure can be looked at: its panels stand side by side.
struct page_view {
  std::string label{};
  std::vector<page_panel> panels{};
};

struct page_figure {
  std::string title{};      ///< the question that it answers
  std::string note{};       ///< how to read it
  std::string command{};    ///< makes it again
  std::string view_name{};  ///< what a reader chooses, if there is more than one view
  std::vector<page_view> views{};
};

struct page_column {
  std::string key{};  ///< of the row's member
  std::string name{};
  std::string unit{};
  std::optional<int> digits{};
};

class page {
 public:
  /// `command` makes the whole result again.
  page(std::string title, std::string command);

  void answer(std::string sentence);
  void warning(std::string sentence);
  void fact(std::string name, std::string value);
  void add(const page_figure& figure);
  /// Rows are flat objects; a member that is not there reads "-".
  void table(std::string title, std::string note, const std::vector<page_column>& columns,
             const std::vector<document>& rows);
  /// A file beside the page that it links to.
  void file(std::string name);

  [[nodiscard]] const document& json() const { return document_; }
  /// Writes report.json and report.html.
  void write(const base::result_folder& folder) const;

 private:
  document document_;
};

/// The page of a document as text.
[[nodiscard]] std::string page_html(const document& content);
/// Builds report.html of a result folder again from its report.json; gives the path of the page.
std::string rebuild_page(const std::string& directory);
/// The template: share/lightrack/report_page.html beside the folder of the running program.
[[nodiscard]] std::string page_template_file();

}  // namespace lightrack::platforms
