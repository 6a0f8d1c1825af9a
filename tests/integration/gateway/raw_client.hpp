#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::test {

struct raw_response {
  int status = 0; // 0: the connection ended before a whole answer had come
  std::string head;
  std::string body;

  bool says(std::string_view header_line) const { return head.find(header_line) != std::string::npos; }
};

/// A connection on which a test writes bytes as it likes, slow or wrong, and reads answers.
class raw_client {
public:
  explicit raw_client(std::uint16_t port);
  ~raw_client();
  raw_client(raw_client&& other) noexcept;
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  raw_client& operator=(raw_client&&) = delete;

  /// False once the other side has closed.
  bool send(std::string_view bytes);
  raw_response read(bool with_body = true);
  /// True if the other side closes within the time.
  bool is_closed_within(std::chrono::milliseconds limit);

private:
  bool fill(std::chrono::milliseconds limit);

  int descriptor_ = -1;
  std::string received_;
};

std::string get_request(std::string_view target);
std::string post_request(std::string_view target, std::string_view body);

} // namespace troupe::test
