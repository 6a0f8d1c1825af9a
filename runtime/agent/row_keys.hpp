#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// How the keys of an agent's rows are spelled. Big-endian numbers sort as they count.
namespace troupe::row_keys {

inline std::string big_endian(std::uint64_t n) {
  std::string text(8, '\0');
  for (std::size_t i = 8; i-- > 0; n >>= 8)
    text[i] = static_cast<char>(n & 0xff);
  return text;
}

inline std::uint64_t number_at_end(std::string_view key) {
  std::uint64_t n = 0;
  for (char c : key.substr(key.size() < 8 ? 0 : key.size() - 8))
    n = n << 8 | static_cast<unsigned char>(c);
  return n;
}

/// A task's records and base documents begin with its id, so that one prefix erases them.
inline constexpr std::size_t task_id_bytes = 26;
inline std::string record(const std::string& task, std::uint64_t n) { return task + big_endian(n); }
inline std::string base(const std::string& task, const std::string& document) { return task + document; }
inline std::string_view task_of(std::string_view key) { return key.substr(0, task_id_bytes); }
inline std::string_view document_of(std::string_view key) { return key.substr(task_id_bytes); }

inline std::string signal(const std::string& name, const std::string& correlation, std::uint64_t n) {
  return name + '\0' + correlation + '\0' + big_endian(n);
}

} // namespace troupe::row_keys
