#include "kernels/tokenizer/json_steps.hpp"
#include "kernels/tokenizer/json_values.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels {

namespace {

using namespace json_values;

class decoder_reader {
public:
  decoding how;

  result<done> read(const json& from, std::size_t depth) {
    if (depth > step_nesting_max)
      return fail(fault::refused, "decoders are nested too deeply");
    const auto type = text(from, "type", "a decoder");
    if (!type)
      return fail(type);
    if (*type == "Sequence") {
      for (const auto& one : member(from, "decoders"))
        if (auto step = read(one, depth + 1); !step)
          return step;
      return done{};
    }
    return read_step(from, *type);
  }

private:
  result<done> read_step(const json& from, const std::string& type) {
    if (type == "ByteLevel")
      how.byte_level = true;
    else if (type == "ByteFallback")
      how.byte_tokens = true;
    else if (type == "Fuse")
      fused_ = true;
    else if (type == "Replace")
      return read_replace(from);
    else if (type == "Strip")
      return read_strip(from);
    else if (type == "Metaspace")
      read_metaspace(from);
    else
      return fail(fault::refused, "the decoder \"" + type + "\" is not one of ours",
                  "ours: ByteLevel, ByteFallback, Fuse, Replace, Strip, Metaspace, Sequence");
    return done{};
  }

  result<done> read_replace(const json& from) {
    const auto& what = member(member(from, "pattern"), "String");
    auto with = text(from, "content", "the decoder Replace");
    if (!with)
      return fail(with);
    if (!what.is_string() || fused_)
      return fail(fault::refused, "a decoder Replace by expression or behind Fuse is not one of ours");
    how.replace.emplace_back(what.get<std::string>(), std::move(*with));
    return done{};
  }

  result<done> read_strip(const json& from) {
    const auto& start = member(from, "start");
    const auto& stop = member(from, "stop");
    if (!start.is_number_unsigned() || (stop.is_number() && stop != 0))
      return fail(fault::refused, "a decoder Strip that takes from the end is not one of ours");
    how.strip = text_or(from, "content", " ");
    how.strip_max = start.get<std::size_t>();
    how.strips_each = !fused_;
    return done{};
  }

  void read_metaspace(const json& from) {
    how.replace.emplace_back(text_or(from, "replacement", "▁"), " ");
    const auto scheme =
        text_or(from, "prepend_scheme", flag_or(from, "add_prefix_space", true) ? "always" : "never");
    if (scheme == "never")
      return;
    how.strip = " ";
    how.strip_max = 1;
  }

  bool fused_ = false;
};

} // namespace

result<decoding> read_decoder(const nlohmann::json& from) {
  decoder_reader reader;
  if (from.is_null()) {
    reader.how.separator = " ";
    return reader.how;
  }
  if (auto read = reader.read(from, 0); !read)
    return fail(read);
  return reader.how;
}

} // namespace troupe::kernels
