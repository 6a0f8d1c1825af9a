#include "kernels/grammar/grammar.hpp"

#include "kernels/grammar/machine_builder.hpp"
#include "kernels/grammar/mask_maker.hpp"
#include "kernels/grammar/pattern_terms.hpp"

#include <algorithm>
#include <limits>
#include <mutex>

namespace troupe::kernels::grammar {

struct grammar::inside {
  inside(std::shared_ptr<machines> made, std::shared_ptr<const token_index> of, grammar_options how)
      : with(std::move(made))
      , tokens(std::move(of))
      , lexemes(with->texts, tokens)
      , options(how)
      , used_when_made(used()) {}

  double used() const { return std::max(with->texts.used(), with->numbers.used()); }
  bool full() const { return with->texts.full() || with->numbers.full(); }

  std::mutex lock; // of everything below
  std::shared_ptr<machines> with;
  std::shared_ptr<const token_index> tokens;
  lexeme_masks lexemes;
  grammar_options options;
  double used_when_made;
};

namespace {

// What is forced is appended in one go; a longer run only comes a step later.
constexpr std::size_t forced_bytes_max = 256;

reader_limits limits_of(const grammar_options& options) {
  return {options.white_space == no_limit ? std::numeric_limits<std::size_t>::max()
                                          : std::size_t{options.white_space},
          options.needless_escapes ? spelling::json : spelling::shortest_json};
}

class grammar_text final : public token_constraint {
public:
  grammar_text(std::shared_ptr<grammar> of, text_encoder encoder)
      : of_(std::move(of))
      , encoder_(std::move(encoder))
      , reader_(of_->shared().with, limits_of(of_->shared().options))
      , now_(reader_.begin()) {}

  void allow(token_bits bits) override {
    std::fill(bits.begin(), bits.end(), 0);
    auto& shared = of_->shared();
    const std::lock_guard held(shared.lock);
    token_set out(shared.tokens->size());
    mask_maker(reader_, shared.lexemes, *shared.tokens).allow(now_, out);
    if (failed())
      return;
    const auto words = out.words();
    std::copy_n(words.begin(), std::min(words.size(), bits.size()), bits.begin());
    const auto eos = shared.tokens->eos();
    if (eos && reader_.complete(now_) && static_cast<std::size_t>(*eos) / 64 < bits.size())
      bits[static_cast<std::size_t>(*eos) / 64] |= std::uint64_t{1} << (*eos % 64);
  }

  bool accept(token_id token) override {
    auto& shared = of_->shared();
    const std::lock_guard held(shared.lock);
    const auto bytes = shared.tokens->bytes(token);
    const auto mark = reader_.here();
    auto now = now_;
    readings next;
    for (const char byte : bytes) {
      reader_.step(now, static_cast<std::uint8_t>(byte), next);
      std::swap(now, next);
      if (now.empty())
        break;
    }
    if (bytes.empty() || now.empty() || failed()) {
      reader_.cut(mark);
      return false;
    }
    now_ = std::move(now);
    return true;
  }

  bool is_complete() const override {
    const std::lock_guard held(of_->shared().lock);
    return reader_.complete(now_);
  }

  std::vector<token_id> forced() override {
    if (!encoder_)
      return {};
    auto& shared = of_->shared();
    const std::lock_guard held(shared.lock);
    const auto bytes = forced_bytes();
    if (bytes.empty())
      return {};
    // The last token could have grown with what comes behind, so the model chooses that one.
    auto ids = encoder_(bytes);
    std::string_view left = bytes;
    for (const auto id : ids) {
      const auto own = shared.tokens->bytes(id);
      if (own.empty() || !left.starts_with(own))
        return {}; // a tokenizer that writes something of its own, such as a space in front
      left.remove_prefix(own.size());
    }
    if (!ids.empty())
      ids.pop_back();
    return ids;
  }

  std::unique_ptr<token_constraint> copy() const override { return std::make_unique<grammar_text>(*this); }

private:
  bool failed() const { return reader_.overflowed() || of_->shared().full(); }

  /// The bytes that come next whatever the text, as long as it may not end instead.
  std::string forced_bytes() {
    std::string bytes;
    const auto mark = reader_.here();
    auto now = now_;
    readings next;
    readings only;
    while (bytes.size() < forced_bytes_max && !reader_.complete(now)) {
      int found = -1;
      int ways = 0;
      for (int byte = 0; byte < 256 && ways < 2; ++byte) {
        const auto here = reader_.here();
        reader_.step(now, static_cast<std::uint8_t>(byte), next);
        reader_.cut(here);
        if (next.empty())
          continue;
        ++ways;
        found = byte;
      }
      if (ways != 1)
        break;
      reader_.step(now, static_cast<std::uint8_t>(found), next);
      std::swap(now, next);
      bytes += static_cast<char>(found);
    }
    reader_.cut(mark);
    return bytes;
  }

  std::shared_ptr<grammar> of_;
  text_encoder encoder_;
  text_reader reader_;
  readings now_;
};

} // namespace

grammar::grammar(std::unique_ptr<inside> made)
    : inside_(std::move(made)) {}

grammar::~grammar() = default;

std::size_t grammar::bytes() const {
  const std::lock_guard held(inside_->lock);
  return inside_->with->texts.bytes() + inside_->with->numbers.bytes() + inside_->lexemes.bytes();
}

bool grammar::is_worn() const {
  const std::lock_guard held(inside_->lock);
  return inside_->used() > (1 + inside_->used_when_made) / 2;
}

result<std::shared_ptr<grammar>>
grammar::of_schema(std::string_view schema, std::shared_ptr<const token_index> tokens, grammar_options how) {
  auto source = schema_source::parse(schema);
  if (!source)
    return fail(source);
  auto with = std::make_shared<machines>(machines{{}, number_machine(how.exponents), {}, {}, {}});
  node_table nodes;
  schema_shapes shapes(*source, with->texts, nodes);
  const auto root = shapes.root();
  if (!root)
    return fail(root);
  if (auto built = machine_builder(*with, shapes, nodes).build(*root); !built)
    return fail(built);
  if (with->texts.full() || with->numbers.full())
    return fail(fault::refused, "the schema needs too many states");
  return std::shared_ptr<grammar>(
      new grammar(std::make_unique<inside>(std::move(with), std::move(tokens), how)));
}

result<std::shared_ptr<grammar>> grammar::of_pattern(std::string_view pattern,
                                                     std::shared_ptr<const token_index> tokens) {
  auto with = std::make_shared<machines>();
  const auto term = texts_like(with->texts.pool(), pattern);
  if (!term)
    return fail(term);
  if (!with->texts.alive(*term))
    return fail(fault::refused, "no text fits this pattern");
  with->plain_text = *term;
  return std::shared_ptr<grammar>(
      new grammar(std::make_unique<inside>(std::move(with), std::move(tokens), grammar_options{})));
}

std::unique_ptr<token_constraint> grammar::begin(std::shared_ptr<grammar> of, text_encoder encoder) {
  return std::make_unique<grammar_text>(std::move(of), std::move(encoder));
}

} // namespace troupe::kernels::grammar
