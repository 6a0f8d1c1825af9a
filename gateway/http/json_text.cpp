#include "gateway/http/json_text.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <vector>

namespace troupe::gateway {

using nlohmann::json;

namespace {

/// Builds the value while counting; every callback returns false to stop the parser at the first problem.
class strict_builder : public nlohmann::json_sax<json> {
public:
  explicit strict_builder(const http_limits& limits)
      : limits_(limits) {}

  bool null() override { return place(json(nullptr)); }
  bool boolean(bool value) override { return place(json(value)); }
  bool number_integer(number_integer_t value) override { return place(json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return place(json(value)); }
  bool number_float(number_float_t value, const string_t&) override { return place(json(value)); }
  bool string(string_t& value) override { return place(json(std::move(value))); }
  bool binary(binary_t&) override { return refuse("binary values are no JSON"); }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    if (open_.back().value.contains(name))
      return refuse("the key \"" + name + "\" appears twice in one object", name);
    open_.back().key = std::move(name);
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& cause) override {
    if (cause.id == 406)
      return refuse("a number near byte " + std::to_string(position) + " is too large");
    return refuse("the body is not valid JSON near byte " + std::to_string(position));
  }

  checked<json> take() {
    if (problem_)
      return tl::unexpected(std::move(*problem_));
    return std::move(root_);
  }

private:
  struct level {
    json value;
    std::string key;
  };

  bool refuse(std::string why, std::string field = {}) {
    if (!problem_)
      problem_ = bad_request(std::move(why), {}, std::move(field));
    return false;
  }

  bool counted() {
    if (++values_ <= limits_.json_values)
      return true;
    return refuse("the body holds more than " + std::to_string(limits_.json_values) + " values");
  }

  bool place(json value) { return counted() && put(std::move(value)); }

  bool put(json value) {
    if (open_.empty())
      root_ = std::move(value);
    else if (open_.back().value.is_array())
      open_.back().value.push_back(std::move(value));
    else
      open_.back().value[std::move(open_.back().key)] = std::move(value);
    return true;
  }

  bool open(json value) {
    if (open_.size() == limits_.json_depth)
      return refuse("the body nests deeper than " + std::to_string(limits_.json_depth) + " levels");
    open_.push_back({std::move(value), {}});
    return counted();
  }

  bool close() {
    auto done = std::move(open_.back().value);
    open_.pop_back();
    return put(std::move(done));
  }

  const http_limits& limits_;
  std::vector<level> open_;
  json root_;
  std::size_t values_ = 0;
  std::optional<api_error> problem_;
};

} // namespace

checked<json> parse_json(std::string_view text, const http_limits& limits) {
  strict_builder builder(limits);
  json::sax_parse(text, &builder);
  return builder.take();
}

std::string json_text(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

} // namespace troupe::gateway
