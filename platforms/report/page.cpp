// SPDX-License-Identifier: Apache-2.0
#include "platforms/report/page.h"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "models/base/error.h"

namespace lightrack::platforms {
namespace {

std::string read_file(const std::string& file, std::string_view remedy) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw base::config_error(fmt::format("{}: cannot be read; {}", file, remedy));
  return std::move(text).str();
}

document numbers(const std::vector<double>& values) {
  document list = document::array();
  for (const double v : values) list.push_back(std::isfinite(v) ? document(v) : document(nullptr));
  return list;
}

std::string style_name(series_style style) {
  switch (style) {
    case series_style::both:
      return "both";
    case series_style::points:
      return "points";
    case series_style::line:
      return "line";
    case series_style::formula:
      return "formula";
  }
  return "both";
}

document axis_json(const page_axis& axis) {
  document j = {{"title", axis.title}, {"log", axis.log}, {"from_zero", axis.from_zero}};
  j["digits"] = axis.digits;
  if (axis.zero_at) j["zero_at"] = *axis.zero_at;
  if (!axis.ticks.empty()) j["ticks"] = axis.ticks;
  return j;
}

document series_json(const page_series& s) {
  document j = {{"name", s.name}, {"style", style_name(s.style)}, {"color", s.color}};
  j["x"] = s.labels.empty() ? numbers(s.x) : document(s.labels);
  j["y"] = numbers(s.y);
  if (!s.hover.empty()) j["hover"] = s.hover;
  return j;
}

document panel_json(const page_panel& p) {
  document j = {{"kind", !p.stages.empty() ? "waterfall"
                         : p.bars          ? "bars"
                                           : "xy"},
                {"title", p.title},
                {"x", axis_json(p.x)},
                {"y", axis_json(p.y)},
                {"formula_name", p.formula_name}};
  if (p.horizontal) j["horizontal"] = true;
  j["series"] = document::array();
  for (const page_series& s : p.series) j["series"].push_back(series_json(s));
  j["marks"] = document::array();
  for (const page_mark& m : p.marks) {
    j["marks"].push_back({{"axis", std::string(1, m.axis)}, {"at", m.at}, {"text", m.text}});
  }
  j["stages"] = document::array();
  for (const page_stage& s : p.stages) {
    j["stages"].push_back({{"name", s.name},
                           {"factor", s.factor},
                           {"gbps", s.gbps},
                           {"formula", s.formula},
                           {"total", s.total}});
  }
  return j;
}

}  // namespace

page::page(std::string title, std::string command) {
  document_ = {{"title", std::move(title)},    {"command", std::move(command)},
               {"answers", document::array()}, {"facts", document::array()},
               {"figures", document::array()}, {"tables", document::array()},
               {"files", document::array()}};
}

void page::answer(std::string sentence) { document_["answers"].push_back(std::move(sentence)); }
void page::warning(std::string sentence) { document_["warning"] = std::move(sentence); }
void page::file(std::string name) { document_["files"].push_back(std::move(name)); }

void page::fact(std::string name, std::string value) {
  document_["facts"].push_back({{"name", std::move(name)}, {"value", std::move(value)}});
}

void page::add(const page_figure& figure) {
  document j = {{"title", figure.title},
                {"note", figure.note},
                {"command", figure.command},
                {"view_name", figure.view_name}};
  j["views"] = document::array();
  for (const page_view& v : figure.views) {
    document view = {{"label", v.label}, {"panels", document::array()}};
    for (const page_panel& p : v.panels) view["panels"].push_back(panel_json(p));
    j["views"].push_back(std::move(view));
  }
  document_["figures"].push_back(std::move(j));
}

void page::table(std::string title, std::string note, const std::vector<page_column>& columns,
                 const std::vector<document>& rows) {
  document j = {{"title", std::move(title)}, {"note", std::move(note)}};
  j["columns"] = document::array();
  for (const page_column& c : columns) {
    document column = {{"key", c.key}, {"name", c.name}, {"unit", c.unit}};
    if (c.digits) column["digits"] = *c.digits;
    j["columns"].push_back(std::move(column));
  }
  j["rows"] = document::array();
  for (const document& row : rows) {
    document picked = document::object();
    for (const page_column& c : columns) {
      picked[c.key] = row.contains(c.key) ? row[c.key] : document(nullptr);
    }
    j["rows"].push_back(std::move(picked));
  }
  document_["tables"].push_back(std::move(j));
}

void page::write(const base::result_folder& folder) const {
  folder.write("report.json", document_.dump());
  folder.write("report.html", page_html(document_));
}

std::string page_template_file() {
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe");
  return (program.parent_path().parent_path() / "share/lightrack/report_page.html").string();
}

std::string page_html(const document& content) {
  constexpr std::string_view mark = "@DATA@";
  std::string text = read_file(page_template_file(), "build the target report_page");
  const std::size_t place = text.find(mark);
  if (place == std::string::npos) {
    throw base::config_error(
        fmt::format("{}: has no place for data; build it anew", page_template_file()));
  }
  // "</script>" inside a text would end the element that holds the data.
  std::string data = content.dump(-1, ' ', false, document::error_handler_t::replace);
  for (std::size_t i = data.find("</"); i != std::string::npos; i = data.find("</", i + 2)) {
    data.replace(i, 2, "<\\/");
  }
  for (std::size_t i = data.find("<!--"); i != std::string::npos; i = data.find("<!--", i + 2)) {
    data.replace(i, 2, "\\u003c!");
  }
  return text.replace(place, mark.size(), data);
}

std::string rebuild_page(const std::string& directory) {
  const std::string source = (std::filesystem::path{directory} / "report.json").string();
  const std::string text =
      read_file(source, "allowed is the folder of a run or a study, such as lightrack-out/NAME");
  const document content = document::parse(text, nullptr, false);
  if (content.is_discarded()) {
    throw base::config_error(fmt::format("{}: is not JSON; run the command again", source));
  }
  const base::result_folder folder{directory};
  folder.write("report.html", page_html(content));
  return folder.file("report.html");
}

}  // namespace lightrack::platforms
