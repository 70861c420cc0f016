// SPDX-License-Identifier: Apache-2.0
// platforms/light/light_text.cpp
// The tables that a person reads, from the same objects that --json prints.
#include <fmt/format.h>

#include <cmath>

#include "platforms/light/light_calculators.h"

namespace lightrack::platforms {
namespace {

std::string number(const document& v, const char* format) {
  return v.is_null() ? "-" : fmt::format(fmt::runtime(format), v.get<double>());
}

std::string row(const char* name, const document& value, const char* format,
                std::string_view note = "") {
  return fmt::format("{:<28}{:>10}{}{}\n", name, number(value, format), note.empty() ? "" : "  ",
                     note);
}

std::string elements_text(const document& b) {
  std::string text = fmt::format("{:<22}{:<24}{:>7}{:>9}\n", "element", "place", "dB", "dBm");
  text += fmt::format("{:<22}{:<24}{:>7}{:>9}\n", "laser", "a wavelength and port", "",
                      number(b["launch_dbm"], "{:.2f}"));
  double level = b["launch_dbm"].is_null() ? 0 : b["launch_dbm"].get<double>();
  for (const document& e : b["elements"]) {
    if (!e["db"].is_null()) level -= e["db"].get<double>();
    text += fmt::format("{:<22}{:<24}{:>7}{:>9}\n", e["name"].get<std::string>(),
                        e["place"].get<std::string>(), number(e["db"], "{:.2f}"),
                        b["launch_dbm"].is_null() ? "-" : fmt::format("{:.2f}", level));
  }
  return text;
}

std::string lines_text(const document& b) {
  std::string text = fmt::format("\n{:>5}{:>11}{:>14}{:>12}{:>11}{:>8}{:>11}\n", "line", "OMA dBm",
                                 "crosstalk dB", "penalty dB", "margin dB", "Q", "BER");
  for (const document& l : b["lines"])
    text += l["present"].get<bool>()
                ? fmt::format("{:>5}{:>11}{:>14}{:>12}{:>11}{:>8}{:>11}\n",
                              l["line"].get<std::size_t>(), number(l["received_oma_dbm"], "{:.2f}"),
                              number(l["crosstalk_db"], "{:.2f}"),
                              number(l["penalties_db"], "{:.2f}"), number(l["margin_db"], "{:.2f}"),
                              number(l["q"], "{:.3f}"), number(l["ber"], "{:.2e}"))
                : fmt::format("{:>5}       dark\n", l["line"].get<std::size_t>());
  return text;
}

bool all_lines_alike(const document& b) {
  for (const document& l : b["lines"])
    if (l["present"] != b["lines"][0]["present"] || !l["present"].get<bool>() ||
        std::abs(l["margin_db"].get<double>() - b["margin_db"].get<double>()) > 1e-6)
      return false;
  return true;
}

}  // namespace

std::string budget_text(const document& b) {
  std::string text = fmt::format(
      "{}: {} lines, {:g} Gb/s {} ({:g} GBd), {:g} m of fiber\n\n", b["profile"].get<std::string>(),
      b["lines"].size(), b["gbps_per_lambda"].get<double>(), b["modulation"].get<std::string>(),
      b["symbol_rate_gbd"].get<double>(), b["length_m"].get<double>());
  text += elements_text(b);
  std::string parts;
  for (const document& p : b["penalties"])
    parts += fmt::format("{}{} {}", parts.empty() ? "" : " + ", p["name"].get<std::string>(),
                         number(p["db"], "{:.2f}"));
  text += '\n';
  text += row("OMA at the receiver, dBm", b["received_oma_dbm"], "{:.2f}",
              fmt::format("{} dB below the laser", number(b["total_db"], "{:.2f}")));
  text += row("penalties, dB", b["penalties_db"], "{:.2f}", parts);
  text += row("sensitivity, dBm", b["sensitivity_dbm"], "{:.2f}",
              fmt::format("OMA at BER {:g}", b["sensitivity_ber"].get<double>()));
  std::string target;
  if (!b["margin_db"].is_null()) {
    const double over = b["margin_db"].get<double>() - b["target_margin_db"].get<double>();
    target = fmt::format("target {:g} dB, {:.2f} {}", b["target_margin_db"].get<double>(),
                         std::abs(over), over < 0 ? "short" : "over");
    if (b["margin_db"].get<double>() < 0) target += "; below sensitivity: a run refuses it";
  }
  text += row("margin, dB", b["margin_db"], "{:.2f}", target);
  text += row("Q", b["q"], "{:.3f}");
  text += row("bit error rate", b["ber"], "{:.2e}", b["los"].get<bool>() ? "loss of signal" : "");
  if (!all_lines_alike(b)) text += lines_text(b);
  return text;
}

std::string ring_text(const document& r) {
  std::string text = fmt::format("{}: {} lines {:g} GHz apart\n\n", r["profile"].get<std::string>(),
                                 r["lines"].get<int>(), r["spacing_ghz"].get<double>());
  text += row("Q", r["q"], "{:.0f}",
              fmt::format("{} at most for this symbol rate", number(r["q_max"], "{:.0f}")));
  text += row("linewidth, GHz", r["linewidth_ghz"], "{:.2f}");
  text += row("free spectral range, GHz", r["fsr_ghz"], "{:.0f}",
              fmt::format("radius {} um", number(r["radius_um"], "{:.2f}")));
  text += row("neighbor suppression, dB", r["neighbor_suppression_db"], "{:.2f}");
  text += row("crosstalk of the bus, dB", r["crosstalk_db"], "{:.2f}");
  text += row("its penalty, dB", r["crosstalk_penalty_db"], "{:.3f}");
  text += '\n';
  text += row("modulator bias, GHz", r["bias_ghz"], "{:.2f}",
              fmt::format("swing {} GHz", number(r["swing_ghz"], "{:.1f}")));
  text += row("extinction ratio, dB", r["er_db"], "{:.2f}");
  text += row("insertion loss, dB", r["insertion_loss_db"], "{:.2f}");
  text += row("input power over OMA, dB", r["oma_penalty_db"], "{:.2f}",
              fmt::format("{} at the best bias, {} GHz", number(r["best_oma_penalty_db"], "{:.2f}"),
                          number(r["best_bias_ghz"], "{:.1f}")));
  text += row("PAM4 linearity", r["pam4_linearity"], "{:.2f}",
              "smallest eye over a third of the OMA, if the three shifts were even");
  return text;
}

std::string laser_text(const document& l) {
  std::string text = fmt::format("{}: module of {} lanes at {:g} degC, {:g} h old\n\n",
                                 l["profile"].get<std::string>(), l["lanes"].get<int>(),
                                 l["celsius"].get<double>(), l["hours"].get<double>());
  text += row(
      "power of a lane, mW", l["power_mw_per_lane"], "{:.2f}",
      fmt::format("{} dBm a wavelength and port, {} dBm a fiber", number(l["launch_dbm"], "{:.2f}"),
                  number(l["power_per_fiber_dbm"], "{:.2f}")));
  text += row("bias, mA", l["bias_ma"], "{:.1f}",
              fmt::format("{} % of new", number(l["bias_percent_of_new"], "{:.1f}")));
  text += row("threshold, mA", l["threshold_ma"], "{:.2f}");
  text += row("shift of the lines, GHz", l["shift_ghz"], "{:.0f}");
  text += row("light of the module, W", l["optical_w"], "{:.3f}");
  text += row("power of the module, W", l["module_w"], "{:.2f}",
              fmt::format("{} pJ/bit", number(l["pj_per_bit"], "{:.2f}")));
  text += row("wall plug, module", l["wall_plug"], "{:.3f}",
              fmt::format("diodes alone {}", number(l["wall_plug_diode"], "{:.3f}")));
  text +=
      row("bias warning after, h", l["hours_to_bias_warning"], "{:.0f}",
          fmt::format("alarm {}, end of the driver {}", number(l["hours_to_bias_alarm"], "{:.0f}"),
                      number(l["hours_to_bias_limit"], "{:.0f}")));
  std::string alarms;
  for (const document& a : l["alarms"])
    alarms += (alarms.empty() ? "" : ", ") + a.get<std::string>();
  text += fmt::format("{:<28}{:>10}\n", "alarms", alarms.empty() ? "none" : alarms);
  return text;
}

}  // namespace lightrack::platforms
