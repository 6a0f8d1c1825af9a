#include "workflows/graph/icons.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace troupe::workflow {
namespace {

using picture = std::pair<std::string_view, std::string_view>;

constexpr std::string_view gear =
    "M10 6.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7M10 2v3M10 15v3M2 10h3M15 10h3M4.3 4.3l2.1 "
    "2.1M13.6 13.6l2.1 2.1M4.3 15.7l2.1-2.1M13.6 6.4l2.1-2.1";

constexpr std::array icons{
    picture{"agent", gear},
    picture{"tell", "M3 5h14v10H3zM3 5l7 6l7-6"},
    picture{"approval", "M10 3.5a3 3 0 1 0 0 6a3 3 0 1 0 0-6M4 17c0-3.6 2.6-5.5 6-5.5s6 1.9 6 5.5"},
    picture{"decide", "M10 3v14M4 6h12M4 6l-2 5h4zM16 6l-2 5h4zM6 17h8"},
    picture{"wait", "M10 2.5a7.5 7.5 0 1 0 0 15a7.5 7.5 0 1 0 0-15M10 6v4.2l3 2"},
    picture{"receive", "M3 11v5h14v-5M10 2.5v9M6.5 8l3.5 3.5L13.5 8"},
    picture{"emit", "M3 11v5h14v-5M10 11.5v-9M6.5 6L10 2.5L13.5 6"},
    picture{"workflow", "M3 3h6v5H3zM11 12h6v5h-6zM6 8v6.5h5"},
    picture{"set", "M4 6h12M4 10h12M4 14h7"},
    picture{"fail", "M10 2.5L18 17H2zM10 8v4M10 14v.8"},
    picture{"return", "M15 4v5a3 3 0 0 1-3 3H4M7.5 8.5L4 12l3.5 3.5"},
    picture{"break", "M15 4v5a3 3 0 0 1-3 3H4M7.5 8.5L4 12l3.5 3.5"},
    picture{"undo", "M4 9h8a4 4 0 0 1 0 8H8M7.5 5.5L4 9l3.5 3.5"},
    picture{"parallel", "M4 3v14M10 3v14M16 3v14"},
    picture{"choice", "M10 2.5L17.5 10L10 17.5L2.5 10z"},
    picture{"map", "M3 4h14M3 8h14M3 12h14M3 16h14"},
    picture{"loop", "M16 8a6.5 6.5 0 1 0 .5 4M16.5 3.5V8H12"},
    picture{"race", "M4 17V3M4 4h11l-2.5 3.5L15 11H4"},
    picture{"try", "M10 2.5l6.5 2.5v4.5c0 4-2.8 6.7-6.5 8c-3.7-1.3-6.5-4-6.5-8V5z"},
    picture{"steps", "M4 5h12M4 10h12M4 15h12"},
};

constexpr std::array badges{
    picture{"completed", "M4 8.5l2.8 2.8L12 5.5"},
    picture{"failed", "M5 5l6 6M11 5l-6 6"},
    picture{"stuck", "M8 4v5M8 11.4v.6"},
    picture{"working", "M8 4.5v3.8l2.6 1.6"},
    picture{"submitted", "M5 8h.5M8 8h.5M11 8h.5"},
    picture{"input_required",
            "M8 4a1.9 1.9 0 1 0 0 3.8a1.9 1.9 0 1 0 0-3.8M4.6 12.4c0-2.2 1.4-3.2 3.4-3.2s3.4 1 3.4 3.2"},
    picture{"canceled", "M5 8h6"},
    picture{"skipped", "M4.5 5l3 3l-3 3M8.5 5l3 3l-3 3"},
};

template<std::size_t N>
std::string_view find(const std::array<picture, N>& all, std::string_view name, std::string_view otherwise) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const picture& p) { return p.first == name; });
  return found == all.end() ? otherwise : found->second;
}

} // namespace

std::string_view icon_of(std::string_view verb) { return find(icons, verb, gear); }
std::string_view badge_of(std::string_view state) { return find(badges, state, "M5 8h6"); }

} // namespace troupe::workflow
