#pragma once

#include "config/result.hpp"
#include "kernels/grammar/grammar.hpp"
#include "kernels/tokenizer/tokenizer.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace troupe::models {

/// What keeps the forms of one model within bounds.
struct form_limits {
  std::size_t forms = 64;
  std::size_t bytes = std::size_t{256} << 20; // about; they grow as texts are read
};

/// Blanks between the parts of JSON. Small models wander off in them for ever; compact JSON is also what
/// examples in prompts look like. Calls of tools are taught with one blank here and there.
enum class json_blanks : unsigned char { none, one };

/// The forms that texts of one model are held to: a JSON Schema is compiled once for the model's tokens and
/// kept until others have been used more lately. Any thread.
class form_cache {
public:
  /// The words outlive it.
  explicit form_cache(const kernels::tokenizer& words, form_limits limits = {});

  /// For a text that is JSON of this schema from its first byte to its last, with the shortest escapes.
  /// `refused` names the keyword that cannot be enforced.
  result<std::unique_ptr<kernels::token_constraint>> json_text(std::string_view schema,
                                                               json_blanks blanks = json_blanks::none);

  std::size_t size() const;
  const std::shared_ptr<const kernels::grammar::token_index>& tokens() const noexcept { return tokens_; }

private:
  using compiled = std::shared_ptr<kernels::grammar::grammar>;
  struct entry {
    compiled form;
    std::uint64_t used = 0; // a count of questions
  };

  using key = std::pair<json_blanks, std::string>;

  compiled known(const key& asked);
  void keep(key asked, const compiled& form);
  void drop_oldest();
  std::size_t bytes() const;

  const kernels::tokenizer& words_;
  const form_limits limits_;
  const std::shared_ptr<const kernels::grammar::token_index> tokens_;
  mutable std::mutex guard_; // of what follows
  std::map<key, entry> forms_;
  std::uint64_t asked_ = 0;
};

} // namespace troupe::models
