#pragma once

#include "config/result.hpp"
#include "runtime/base/time.hpp"
#include "runtime/effects/executor.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace troupe::builtin {

struct smtp_failure {
  std::string kind; // of the workflow language
  std::string message;
  bool in_doubt = false; // the server may have taken the mail
};

struct smtp_mail {
  std::string from;
  std::vector<std::string> to;
  const std::string& text;
};

/// A server that takes mail. Any thread.
class smtp_server {
public:
  virtual ~smtp_server() = default;
  virtual std::optional<smtp_failure> deliver(const smtp_mail& mail, milliseconds time,
                                              const cancel_token& canceled) = 0;
};

struct smtp_settings {
  std::string host;
  std::uint16_t port = 587;
  std::string security = "starttls"; // or tls, none
  std::string user;                  // empty: no log-in
  std::function<result<std::string>()> password;
};

/// The server over libcurl: one connection for each mail.
class curl_smtp final : public smtp_server {
public:
  explicit curl_smtp(smtp_settings settings)
      : settings_(std::move(settings)) {}
  std::optional<smtp_failure> deliver(const smtp_mail& mail, milliseconds time,
                                      const cancel_token& canceled) override;

private:
  smtp_settings settings_;
};

} // namespace troupe::builtin
