// SPDX-License-Identifier: Apache-2.0
// Draws a report from the JSON in #data: facts, answers, figures and tables.
// The document's shape is written down in docs/models/report_page.md.
"use strict";

const report = JSON.parse(document.getElementById("data").textContent);
const plots = []; // { element, panel }
const dark_wanted = matchMedia("(prefers-color-scheme: dark)");
let printing = false;

// Both sets are told apart by color-blind readers (after Okabe and Ito) and keep their order from theme to theme.
const themes = {
  light: {
    ink: "#1b1f24", soft: "#59636e", grid: "#e6e9ed", card: "#ffffff", lost: "#e9b7a6",
    colors: ["#0b6bb8", "#d1570a", "#00855f", "#b0458f", "#8a6d00", "#2f9fd0", "#5b5bd6", "#7a7a7a"],
  },
  dark: {
    ink: "#e6e9ed", soft: "#9aa5b1", grid: "#323942", card: "#1c2026", lost: "#7c4a3a",
    colors: ["#58a6ff", "#ff9c4a", "#3ecf9a", "#e08ac4", "#e0c34d", "#7fd3f7", "#a5a5ff", "#b5b5b5"],
  },
};
const symbols = ["circle", "square", "diamond", "triangle-up", "cross", "x", "star", "triangle-down"];

function theme() {
  return dark_wanted.matches && !printing ? themes.dark : themes.light;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function number_text(value, digits) {
  if (value === null || value === undefined) return "-";
  if (typeof value !== "number") return String(value);
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e9) return value.toExponential(1);
  return digits === undefined ? String(value) : value.toFixed(digits);
}

// A logarithmic axis has no zero: where the document says so, zero stands one decade left of the rest, labelled "0".
function place(axis, value) {
  return value === 0 && axis.zero_at !== undefined ? axis.zero_at : value;
}

function axis_layout(axis, colors, values) {
  const layout = {
    title: { text: axis.title, standoff: 10 },
    type: axis.categories ? "category" : axis.log ? "log" : "linear",
    gridcolor: colors.grid,
    linecolor: colors.grid,
    zeroline: false,
    automargin: true,
    ticks: "outside",
    tickcolor: colors.grid,
  };
  if (axis.from_zero) layout.rangemode = "tozero";
  if (axis.ticks) {
    layout.tickvals = axis.ticks.map((tick) => place(axis, tick));
    layout.ticktext = axis.ticks.map((tick) => number_text(tick));
  } else if (axis.log) {
    const positive = values.map((value) => place(axis, value)).filter((value) => value > 0);
    const first = Math.log10(Math.min(...positive));
    const last = Math.ceil(Math.log10(Math.max(...positive)));
    layout.exponentformat = last - first > 5 ? "power" : "none";
    if (last - first <= 5) {
      const steps = last - first <= 3 ? [1, 2, 5] : [1];
      layout.tickvals = [];
      for (let decade = Math.floor(first); decade <= last; ++decade) {
        layout.tickvals.push(...steps.map((step) => step * 10 ** decade));
      }
      layout.ticktext = layout.tickvals.map((tick) => String(Number(tick.toPrecision(3))));
    }
    if (axis.zero_at !== undefined) {
      layout.tickvals = [axis.zero_at];
      layout.ticktext = ["0"];
      for (let decade = Math.ceil(Math.log10(axis.zero_at)) + 1; decade <= last; ++decade) {
        layout.tickvals.push(10 ** decade);
        layout.ticktext.push("10<sup>" + String(decade).replace("-", "\u2212") + "</sup>");
      }
    }
  }
  return layout;
}

function xy_traces(panel, colors) {
  const traces = panel.series.map((series) => {
    const color = series.color === undefined ? colors.soft : colors.colors[series.color % colors.colors.length];
    const formula = series.style === "formula";
    const trace = {
      type: "scatter",
      name: series.name,
      x: series.x.map((value) => place(panel.x, value)),
      y: series.y.map((value) => place(panel.y, value)),
      mode: { formula: "lines", line: "lines", points: "markers" }[series.style] || "lines+markers",
      line: { color, width: formula ? 1.4 : 2, dash: formula ? "dash" : "solid" },
      marker: { color, size: 8, symbol: symbols[(series.color || 0) % symbols.length] },
      legendgroup: series.group || series.name,
      showlegend: !formula,
      connectgaps: false,
    };
    if (formula) {
      trace.hoverinfo = "skip";
    } else {
      trace.customdata = series.hover || series.x.map((value) => (panel.x.name || panel.x.title) + ": " + value);
      trace.hovertemplate =
        "%{customdata}<br>" + (panel.y.name || panel.y.title) + ": %{y:.5~g}<extra>" + series.name + "</extra>";
    }
    if (series.error) trace.error_y = { type: "data", array: series.error, color, thickness: 1.2, width: 3 };
    return trace;
  });
  const formula = panel.series.find((series) => series.style === "formula");
  if (formula) {
    traces.push({
      type: "scatter", mode: "lines", name: panel.formula_name || "formula", x: [null], y: [null],
      line: { color: colors.soft, width: 1.4, dash: "dash" }, hoverinfo: "skip",
    });
  }
  return traces;
}

// Bars: what is left after each stage, and on top of it what the stage takes.
function waterfall_traces(panel, colors) {
  const stages = panel.stages;
  const left = stages.map((stage) => stage.gbps);
  const taken = stages.map((stage, i) => (i === 0 || stage.total ? 0 : Math.max(0, stages[i - 1].gbps - stage.gbps)));
  const names = stages.map((stage) => stage.name);
  return [
    {
      type: "bar", name: "left", x: names, y: left, marker: { color: colors.colors[0] },
      text: left.map((value) => value.toFixed(1)), textposition: "inside", insidetextanchor: "end", textangle: 0,
      insidetextfont: { color: colors.card }, cliponaxis: false,
      customdata: stages.map((stage) => [stage.factor.toFixed(5), stage.formula || ""]),
      hovertemplate: "%{x}: %{y:.2f} Gb/s left<br>factor %{customdata[0]}<br>%{customdata[1]}<extra></extra>",
    },
    {
      type: "bar", name: "taken by this stage", x: names, y: taken, marker: { color: colors.lost },
      text: taken.map((value, i) => (i === 0 || stages[i].total ? "" : "\u00d7" + stages[i].factor.toFixed(4))),
      textposition: "outside", cliponaxis: false,
      hovertemplate: "%{x}: takes %{y:.2f} Gb/s<extra></extra>",
    },
  ];
}

function bar_traces(panel, colors) {
  return panel.series.map((series) => ({
    type: "bar", name: series.name, orientation: panel.horizontal ? "h" : "v",
    x: panel.horizontal ? series.y : series.x, y: panel.horizontal ? series.x : series.y,
    marker: { color: colors.colors[(series.color || 0) % colors.colors.length] },
    text: series.y.map((value) => (value === null ? "" : number_text(value, panel.y.digits))), textposition: "outside", cliponaxis: false,
    customdata: series.hover || series.x.map(() => ""),
    hovertemplate: "%{customdata}<br>" + (panel.y.name || panel.y.title) + ": %{" + (panel.horizontal ? "x" : "y") + ":.5~g}<extra>" + series.name + "</extra>",
  }));
}

function panel_layout(panel, colors, width) {
  const waterfall = panel.kind === "waterfall";
  const xy = panel.kind === undefined || panel.kind === "xy";
  const all = (name) => (panel.series || []).flatMap((series) => series[name]).filter((value) => value !== null);
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    font: { color: colors.ink, family: "system-ui, Segoe UI, Roboto, DejaVu Sans, sans-serif", size: 13 },
    margin: { l: 64, r: 16, t: 12, b: 56 },
    hoverlabel: { bgcolor: colors.card, bordercolor: colors.soft, font: { color: colors.ink } },
    legend: { orientation: "h", y: 1.02, yanchor: "bottom", x: 0, font: { size: 12 } },
    showlegend: !waterfall,
    barmode: waterfall ? "stack" : panel.horizontal ? "overlay" : "group",
    xaxis: axis_layout(xy ? panel.x : { ...panel.x, categories: true }, colors, all("x")),
    yaxis: axis_layout(panel.y, colors, all("y")),
    shapes: [],
    annotations: [],
  };
  if (panel.horizontal) {
    [layout.xaxis, layout.yaxis] = [layout.yaxis, layout.xaxis];
    const [least, most] = [Math.min(0, ...all("y")), Math.max(0, ...all("y"))];
    const room = 0.2 * (most - least);  // for the texts beside the bars
    layout.xaxis.range = [least - room, most + room];
  }
  if (waterfall) layout.xaxis.tickangle = width < 700 ? -40 : 0;
  for (const mark of panel.marks || []) {
    const vertical = mark.axis === "x";
    const at = vertical ? place(panel.x, mark.at) : mark.at;
    layout.shapes.push({
      type: "line", line: { color: colors.soft, width: 1, dash: "dot" },
      xref: vertical ? "x" : "paper", x0: vertical ? at : 0, x1: vertical ? at : 1,
      yref: vertical ? "paper" : "y", y0: vertical ? 0 : at, y1: vertical ? 1 : at,
    });
    const log = vertical ? panel.x.log : panel.y.log;
    layout.annotations.push({
      text: mark.text, showarrow: false, font: { size: 11, color: colors.soft },
      xref: vertical ? "x" : "paper", x: vertical ? (log ? Math.log10(at) : at) : 1, xanchor: vertical ? "left" : "right",
      yref: vertical ? "paper" : "y", y: vertical ? 1 : log ? Math.log10(at) : at, yanchor: vertical ? "top" : "bottom",
    });
  }
  return layout;
}

function draw(plot) {
  const colors = theme();
  const panel = plot.panel;
  const traces = panel.kind === "waterfall" ? waterfall_traces(panel, colors)
    : panel.kind === "bars" ? bar_traces(panel, colors)
      : xy_traces(panel, colors);
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
  return Plotly.react(plot.element, traces, panel_layout(panel, colors, plot.element.clientWidth), config);
}

function command_line(command) {
  return make("p", { class: "command" }, "Made by ", make("code", {}, command));
}

function figure_section(figure) {
  const section = make("section", { class: "figure" }, make("h2", {}, figure.title));
  if (figure.note) section.append(make("p", {}, figure.note));
  const panels = make("div", { class: "panels" });
  const show = (view) => {
    for (let i = plots.length - 1; i >= 0; --i) {
      if (panels.contains(plots[i].element)) {
        Plotly.purge(plots[i].element);
        plots.splice(i, 1);
      }
    }
    panels.replaceChildren();
    for (const panel of view.panels) {
      const plot = { element: make("div", { class: "plot" }), panel };
      const box = make("div", { class: "panel" });
      if (panel.horizontal) plot.element.style.height = 120 + 26 * panel.series[0].x.length + "px";
      if (panel.title) box.append(make("h3", {}, panel.title));
      box.append(plot.element);
      panels.append(box);
      plots.push(plot);
    }
    // Only when all stand side by side has each its width.
    if (panels.isConnected) plots.filter((plot) => panels.contains(plot.element)).forEach(draw);
  };
  if (figure.views.length > 1) {
    const select = make("select");
    figure.views.forEach((view, i) => select.append(make("option", { value: i }, view.label)));
    select.addEventListener("change", () => show(figure.views[Number(select.value)]));
    section.append(make("label", { class: "view" }, (figure.view_name || "Shown") + ": ", select));
  }
  section.append(panels);
  show(figure.views[0]);
  if (figure.command) section.append(command_line(figure.command));
  return section;
}

function table_section(table) {
  const section = make("section", { class: "table" }, make("h2", {}, table.title));
  if (table.note) section.append(make("p", {}, table.note));
  const body = make("tbody");
  const is_text = table.columns.map((column) => table.rows.some((row) => typeof row[column.key] === "string"));
  const fill = (rows) => {
    body.replaceChildren(...rows.map((row) => make("tr", {}, ...table.columns.map((column, i) =>
      make("td", { class: (is_text[i] ? "text" : "") + (column.wrap ? " wrap" : "") }, number_text(row[column.key], column.digits))))));
  };
  const headers = table.columns.map((column, i) => {
    const button = make("button", { type: "button", title: "sort" }, column.name);
    const header = make("th", { scope: "col", class: is_text[i] ? "text" : "" }, button);
    if (column.unit) header.append(make("span", { class: "unit" }, column.unit));
    button.addEventListener("click", () => {
      const down = header.getAttribute("aria-sort") === "ascending";
      headers.forEach((other) => other.removeAttribute("aria-sort"));
      header.setAttribute("aria-sort", down ? "descending" : "ascending");
      const compare = (a, b) => {
        const [x, y] = [a[column.key], b[column.key]];
        if (x === null || x === undefined) return 1;
        if (y === null || y === undefined) return -1;
        return (x < y ? -1 : x > y ? 1 : 0) * (down ? -1 : 1);
      };
      fill([...table.rows].sort(compare));
    });
    return header;
  });
  fill(table.rows);
  section.append(make("div", { class: "scroll", tabindex: "0" }, make("table", {}, make("thead", {}, make("tr", {}, ...headers)), body)));
  if (table.command) section.append(command_line(table.command));
  return section;
}

function build() {
  document.title = report.title;
  const page = document.getElementById("page");
  page.replaceChildren(make("h1", {}, report.title));
  for (const answer of report.answers) page.append(make("p", { class: "answer" }, answer));
  if (report.warning) page.append(make("p", { class: "warning", role: "alert" }, report.warning));
  page.append(make("dl", { class: "facts" }, ...report.facts.map((fact) =>
    make("div", {}, make("dt", {}, fact.name), make("dd", {}, String(fact.value))))));
  for (const figure of report.figures) page.append(figure_section(figure));
  for (const table of report.tables) page.append(table_section(table));
  if (report.files && report.files.length > 0) {
    const links = report.files.flatMap((file) => [make("a", { href: file }, file), " "]);
    page.append(make("section", {}, make("h2", {}, "All numbers"), make("p", {}, "Beside this page: ", ...links),
      ...(report.command ? [command_line(report.command)] : [])));
  }
  return Promise.all(plots.map(draw)).then(() => { document.body.dataset.drawn = "yes"; });
}

dark_wanted.addEventListener("change", () => plots.forEach(draw));
addEventListener("beforeprint", () => {
  printing = true;
  plots.forEach((plot) => { draw(plot); Plotly.Plots.resize(plot.element); });
});
addEventListener("afterprint", () => {
  printing = false;
  plots.forEach((plot) => { draw(plot); Plotly.Plots.resize(plot.element); });
});
build();
