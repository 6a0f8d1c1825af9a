#pragma once

#include "config/result.hpp"
#include "runtime/base/json_fwd.hpp"

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Gives the value of a secret when it is used: a rotated one needs no restart, and none lies about in
/// memory.
using secret_source = std::function<result<std::string>(const std::string& name)>;

/// Made once for a data folder and kept there.
using secret_key = std::array<unsigned char, 32>;

/// What stands for secrets in journals, and how it becomes one. A reference is text that carries a keyed hash
/// of the secret's name and of the agent it was made for: text from outside is never taken for one, not even
/// a true reference that somebody read in another agent's journal. Any thread.
class secret_vault {
public:
  secret_vault(const secret_key& key, secret_source source);

  /// `${{ secrets.NAME:… }}`, good for effects that the agent `bound_to` asks for (its address, "kind/key").
  std::string make_reference(std::string_view name, std::string_view bound_to) const;

  /// The text with the references made for `bound_to` replaced; the values that came in are added to `used`.
  /// What only looks like `${{ secrets.NAME }}` stays as it is; a reference made for somebody else is
  /// refused.
  result<std::string> resolve(std::string_view text, std::string_view bound_to,
                              std::vector<std::string>& used) const;

private:
  std::string proof(std::string_view name, std::string_view bound_to) const;

  secret_key key_;
  secret_source source_;
};

/// A secret's name: letters, digits and _, not beginning with a digit, at most 64.
bool is_secret_name(std::string_view name) noexcept;

/// The secrets of one effect: let into its arguments, kept out of all that is said about it.
class revealed_secrets {
public:
  revealed_secrets(const secret_vault& vault, std::string bound_to)
      : vault_(vault)
      , bound_to_(std::move(bound_to)) {}

  /// In every text of a document; names of fields are left alone.
  result<json> reveal(const json& arguments);
  result<std::string> reveal(std::string_view text);

  /// The text without any of the values revealed so far.
  std::string hide(std::string text) const;
  bool any() const noexcept { return !used_.empty(); }

private:
  const secret_vault& vault_;
  std::string bound_to_;
  std::vector<std::string> used_;
};

} // namespace troupe
