#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe::testing {

/// An SMTP server on a free port of 127.0.0.1, on a thread of its own. `replies` answers a command's first
/// word
/// ("RCPT") with a line of its own instead of the usual one; "DATA-END" is the end of a mail; an empty line
/// hangs up.
class smtp_fixture {
public:
  explicit smtp_fixture(std::map<std::string, std::string> replies = {});
  ~smtp_fixture();
  smtp_fixture(const smtp_fixture&) = delete;
  smtp_fixture& operator=(const smtp_fixture&) = delete;

  std::uint16_t port() const;
  std::vector<std::string> commands() const;
  std::vector<std::string> mails() const; // complete ones, dots undone

private:
  struct server;
  std::unique_ptr<server> server_;
};

} // namespace troupe::testing
