#pragma once

#include "gateway/http/api_error.hpp"
#include "gateway/http/limits.hpp"

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::gateway::openai {

/// Reads the fields of a body one by one and remembers the first problem. Null stands for absent, as OpenAI's
/// clients send it.
class fields {
public:
  fields(std::string_view body, const http_limits& limits);
  ~fields();
  fields(const fields&) = delete;
  fields& operator=(const fields&) = delete;

  /// Null if absent.
  const nlohmann::json* take(std::string_view name);
  std::string text(std::string_view name);
  std::string required_text(std::string_view name);
  std::optional<double> number(std::string_view name, double least, double most);
  std::optional<std::int64_t> whole(std::string_view name, std::int64_t least, std::int64_t most);
  bool flag(std::string_view name);
  /// A text or a list of texts.
  std::vector<std::string> texts(std::string_view name, std::size_t most);

  /// Documented, and without effect here.
  void pass_over(std::initializer_list<std::string_view> names);
  void note(std::string message, std::string_view field);

  /// The first problem; also refuses by name what nobody asked for.
  std::optional<api_error> finish();

private:
  std::unique_ptr<nlohmann::json> body_;
  std::vector<std::string> known_;
  std::optional<api_error> problem_;
};

/// An error as OpenAI's clients expect it, with our hint beside: {"error": {message, type, param, code,
/// hint}}.
http_response failure(const api_error& why);
http_response failure(const error& why);
/// The same as JSON text, for the middle of a stream.
std::string failure_text(const api_error& why);

} // namespace troupe::gateway::openai
