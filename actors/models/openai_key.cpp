#include "actors/models/openai_key.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>

namespace troupe::models {
namespace {

constexpr std::size_t key_bytes_max = 8 * 1024; // what fits a header line everywhere

/// A key goes into a header line: anything but printable ASCII would end or split it.
result<std::string> checked(std::string key, const std::string& from) {
  if (key.empty())
    return fail(fault::invalid, "the API key " + from + " is empty");
  if (key.size() > key_bytes_max ||
      std::any_of(key.begin(), key.end(), [](char c) { return c <= ' ' || c > '~'; }))
    return fail(fault::invalid, "the API key " + from + " holds characters that no key has");
  return key;
}

} // namespace

key_source no_key() {
  return [] { return result<std::string>(std::string()); };
}

key_source key_from_environment(std::string variable) {
  return [variable = std::move(variable)]() -> result<std::string> {
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr)
      return fail(fault::not_found, "the environment has no " + variable + ", which should hold the API key",
                  "export " + variable + "=…");
    return checked(value, "in " + variable);
  };
}

key_source key_from_file(std::string path) {
  return [path = std::move(path)]() -> result<std::string> {
    std::ifstream file(path);
    std::string line;
    if (!file || !std::getline(file, line))
      return fail(fault::not_found, "no API key can be read from " + path);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
      line.pop_back();
    return checked(std::move(line), "in " + path);
  };
}

std::string without_key(std::string text, const std::string& key) {
  if (key.empty())
    return text;
  for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + 1))
    text.replace(at, key.size(), "*");
  return text;
}

} // namespace troupe::models
