// A schema and a value, with a zero byte between them: both may be anything; the answer is a refusal, a
// violation whose pointer leads into the value, or nothing.
#include "config/schema/schema.hpp"

#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe::config;
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto cut = text.find('\0');
  const auto compiled = schema::compile(text.substr(0, cut));
  const auto value =
      parse_json(cut == std::string_view::npos ? "1" : text.substr(cut + 1), size, "the value");
  if (!compiled || !value)
    return 0;
  const auto broken = compiled->check(*value);
  if (broken && !value->contains(json::json_pointer(broken->pointer)))
    std::abort();
  if (!schema::compile(compiled->text()))
    std::abort();
  return 0;
}
