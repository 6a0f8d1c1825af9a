#include "tests/integration/gateway/raw_client.hpp"

#include "config/result.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace troupe::test {

namespace {

constexpr std::chrono::milliseconds patience{10'000};

std::size_t content_length(const std::string& head) {
  static constexpr std::string_view name = "Content-Length: ";
  auto at = head.find(name);
  return at == head.npos ? 0 : std::stoul(head.substr(at + name.size()));
}

} // namespace

raw_client::raw_client(std::uint16_t port)
    : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ensure(::connect(descriptor_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0,
         "the server listens");
}

raw_client::raw_client(raw_client&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
    , received_(std::move(other.received_)) {}

raw_client::~raw_client() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

bool raw_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool raw_client::fill(std::chrono::milliseconds limit) {
  pollfd waiting{descriptor_, POLLIN, 0};
  if (::poll(&waiting, 1, static_cast<int>(limit.count())) != 1)
    return false;
  char bytes[16 * 1024];
  auto got = ::recv(descriptor_, bytes, sizeof bytes, 0);
  if (got <= 0)
    return false;
  received_.append(bytes, static_cast<std::size_t>(got));
  return true;
}

raw_response raw_client::read(bool with_body) {
  raw_response response;
  while (received_.find("\r\n\r\n") == received_.npos)
    if (!fill(patience))
      return response;
  const auto end = received_.find("\r\n\r\n") + 4;
  response.head = received_.substr(0, end);
  const auto length = with_body ? content_length(response.head) : 0;
  while (received_.size() < end + length)
    if (!fill(patience))
      return response;
  response.status = std::stoi(response.head.substr(9, 3));
  response.body = received_.substr(end, length);
  received_.erase(0, end + length);
  return response;
}

bool raw_client::is_closed_within(std::chrono::milliseconds limit) {
  pollfd waiting{descriptor_, POLLIN, 0};
  char byte = 0;
  return ::poll(&waiting, 1, static_cast<int>(limit.count())) == 1 && ::recv(descriptor_, &byte, 1, 0) <= 0;
}

std::string get_request(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string post_request(std::string_view target, std::string_view body) {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

} // namespace troupe::test
