#pragma once

#include "config/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace troupe::builtin {

/// One file for each mail, named after its idempotency key, so that a repeat finds what the first one did.
/// NAME.eml: it went out (or rests in the spool); NAME.sending: somebody began, and has not said how it
/// ended. Any thread.
class mail_box {
public:
  explicit mail_box(std::filesystem::path folder)
      : folder_(std::move(folder)) {}

  enum class state : unsigned char { unknown, sending, sent };
  state look(std::string_view key) const;

  /// On disk before it returns.
  result<void> begin(std::string_view key, std::string_view mail) const;
  result<void> finish(std::string_view key) const;
  void forget(std::string_view key) const;

  /// NAME of a key: the key itself where it is a plain word, else its hash.
  static std::string name_of(std::string_view key);

private:
  std::filesystem::path file(std::string_view key, const char* ending) const;
  std::filesystem::path folder_;
};

} // namespace troupe::builtin
