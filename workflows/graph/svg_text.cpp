#include "workflows/graph/svg_text.hpp"

#include <cmath>

namespace troupe::workflow {

std::string number(double n) {
  const auto tenths = static_cast<long long>(std::llround(n * 10));
  const auto part = tenths < 0 ? -(tenths % 10) : tenths % 10;
  return (tenths < 0 && tenths > -10 ? "-" : "") + std::to_string(tenths / 10) +
         (part == 0 ? "" : "." + std::to_string(part));
}

std::string xml(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '>')
      safe += "&gt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      safe += ' ';
    else
      safe += c;
  }
  return safe;
}

std::string text_element(double x, double y, std::string_view classes, std::string_view anchor,
                         std::string_view text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" class=\"" + std::string(classes) + "\"" +
         (anchor == "start" ? "" : " text-anchor=\"" + std::string(anchor) + "\"") + ">" + xml(text) +
         "</text>\n";
}

std::string_view style_sheet() {
  return R"css(
text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif}
.t{font-size:13.5px;font-weight:600;fill:#0f172a}
.l{font-size:11.5px;fill:#475569}
.c{font-size:11px;font-family:ui-monospace,Menlo,Consolas,"Liberation Mono","DejaVu Sans Mono",monospace;fill:#7c2d12}
.b{font-size:11px;font-weight:600;fill:#334155}
.r{font-size:11.5px;font-weight:600;fill:#334155}
.bg{fill:#ffffff}
.card{fill:#ffffff;stroke:#cbd5e1;stroke-width:1.2}
.end{fill:#0f172a;stroke:none}
.et{fill:#ffffff}
.el{fill:#cbd5e1}
.frame{fill:#f1f5f9;fill-opacity:.55;stroke:#cbd5e1;stroke-width:1.2;stroke-dasharray:5 4}
.pill{fill:#fff7ed;stroke:#fdba74;stroke-width:1}
.name{fill:#f1f5f9;stroke:#cbd5e1;stroke-width:1}
.e{fill:none;stroke:#64748b;stroke-width:1.4}
.maybe{stroke-dasharray:4 4}
.arrow{fill:#64748b}
.i{fill:none;stroke:#ffffff;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.g-ask{fill:#2563eb}.g-person{fill:#d97706}.g-time{fill:#7c3aed}.g-note{fill:#64748b}.g-leave{fill:#be123c}.g-flow{fill:#0f766e}
@media (prefers-color-scheme:dark){
.t{fill:#f1f5f9}.l{fill:#a3b1c6}.c{fill:#fdba74}.b,.r{fill:#cbd5e1}
.bg{fill:#0b1220}.card{fill:#152033;stroke:#3b4a63}.end{fill:#e2e8f0}.et{fill:#0f172a}.el{fill:#334155}
.frame{fill:#111c30;fill-opacity:.7;stroke:#3b4a63}.pill{fill:#2a1a0c;stroke:#9a5b1f}.name{fill:#1d2a40;stroke:#3b4a63}
.e{stroke:#8b9bb4}.arrow{fill:#8b9bb4}
.g-ask{fill:#3b82f6}.g-note{fill:#64748b}.g-leave{fill:#e11d48}.g-flow{fill:#0d9488}
}
.s-completed{stroke:#16a34a;stroke-width:1.8}.m-completed{fill:#16a34a}
.s-failed{stroke:#dc2626;stroke-width:1.8}.m-failed,.m-rejected{fill:#dc2626}
.s-stuck{stroke:#dc2626;stroke-width:1.8;stroke-dasharray:6 3}.m-stuck{fill:#dc2626}
.s-working,.s-submitted{stroke:#2563eb;stroke-width:1.8}.m-working,.m-submitted{fill:#2563eb}
.s-input_required{stroke:#d97706;stroke-width:1.8}.m-input_required{fill:#d97706}
.s-canceled{stroke:#94a3b8;stroke-width:1.8}.m-canceled,.m-skipped{fill:#94a3b8}
.dim{opacity:.5}
)css";
}

} // namespace troupe::workflow
