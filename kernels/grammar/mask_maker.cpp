#include "kernels/grammar/mask_maker.hpp"

#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels::grammar {

namespace {

using phase = reading::phase;

bool in_string(const reading& one) {
  return one.at == phase::string || one.at == phase::other_name || one.at == phase::plain_text;
}

} // namespace

void mask_maker::allow(const readings& all, token_set& out) {
  readings between;
  for (const auto& one : all) {
    if (in_string(one))
      add_string(one, out);
    else if (one.at == phase::name)
      add_names(one, token_trie::root, out);
    else
      between.push_back(one);
  }
  if (!between.empty())
    walk(tokens_.all(), token_trie::root, between, 0, out);
}

void mask_maker::walk(const token_trie& trie, std::uint32_t place, const readings& from, std::size_t depth,
                      token_set& out) {
  if (levels_.size() <= depth)
    levels_.resize(depth + 1);
  auto& to = levels_[depth];
  const auto& node = trie[place];
  const auto mark = reader_.here();
  for (auto child = node.first_child; child < node.first_child + node.children; ++child) {
    reader_.step(from, trie[child].byte, to);
    if (!to.empty()) {
      out.add(trie.tokens_at(child));
      if (trie[child].children > 0)
        walk(trie, child, to, depth + 1, out);
    }
    reader_.cut(mark);
  }
}

void mask_maker::add_string(const reading& one, token_set& out) {
  if (reader_.may_be_taken_up(one))
    return walk(tokens_.all(), token_trie::root, {one}, 0, out);
  const auto& mask = lexemes_.of(one.state, one.part, reader_.spelled(one));
  if (one.at != phase::other_name && reader_.taken(one).empty()) {
    out.add(mask.inside);
    return add_closing(one, mask.closing, out);
  }
  token_set mine = mask.inside;
  add_closing(one, mask.closing, mine);
  // The text that is closed within a token is not the one read so far, and that may matter for what follows.
  for (const auto id : mask.twofold)
    mine.remove(id);
  for (const auto id : mask.twofold)
    if (allows(one, id))
      mine.add(id);
  const auto said = reader_.said(one);
  for (const auto text : reader_.taken(one))
    if (text.starts_with(said))
      remove_text(text.substr(said.size()), {one.part, reader_.spelled(one)}, token_trie::root, mine);
  out.add(mine);
}

void mask_maker::add_closing(const reading& one, const token_trie& closing, token_set& out) {
  if (closing.size() == 1 && closing.tokens_at(token_trie::root).empty())
    return;
  const auto mark = reader_.here();
  readings closed;
  reader_.close_any(one, closed);
  if (!closed.empty()) {
    out.add(closing.tokens_at(token_trie::root));
    walk(closing, token_trie::root, closed, 0, out);
  }
  reader_.cut(mark);
}

bool mask_maker::allows(const reading& one, token_id token) {
  const auto mark = reader_.here();
  readings now{one};
  readings next;
  for (const char byte : tokens_.bytes(token)) {
    reader_.step(now, static_cast<std::uint8_t>(byte), next);
    std::swap(now, next);
    if (now.empty())
      break;
  }
  reader_.cut(mark);
  return !now.empty();
}

/// Along the bytes that the names still to come have, and a backslash, which could spell any of them.
void mask_maker::add_names(const reading& one, std::uint32_t place, token_set& out) {
  const auto& trie = tokens_.all();
  if (one.part != 0) {
    const auto& node = trie[place];
    for (auto child = node.first_child; child < node.first_child + node.children; ++child)
      add_name_byte(one, child, out);
    return;
  }
  const auto& names = reader_.object(one).by_bytes;
  const auto try_byte = [&](std::uint8_t byte) {
    if (const auto child = trie.child(place, byte); child != token_trie::none)
      add_name_byte(one, child, out);
  };
  const auto& here = names[one.state];
  for (auto next = here.first_child; next < here.first_child + here.children; ++next)
    if (const auto byte = names[next].byte; byte != '"' && byte != '\\')
      try_byte(byte);
  try_byte('\\');
  try_byte('"');
}

void mask_maker::add_name_byte(const reading& one, std::uint32_t child, token_set& out) {
  const auto& trie = tokens_.all();
  const auto mark = reader_.here();
  readings to;
  reader_.step({one}, trie[child].byte, to);
  if (!to.empty()) {
    out.add(trie.tokens_at(child));
    if (to.size() == 1 && to[0].at == phase::name)
      add_names(to[0], child, out);
    else
      walk(trie, child, to, 0, out);
  }
  reader_.cut(mark);
}

/// Takes out the tokens that spell the rest of `text` and the quote behind it.
void mask_maker::remove_text(std::string_view text, spelled_part before, std::uint32_t place,
                             token_set& from) {
  const auto& trie = tokens_.all();
  const auto& node = trie[place];
  std::size_t behind = 0;
  const auto c = text.empty() ? U'\0' : unicode::next(text, behind);
  for (auto child = node.first_child; child < node.first_child + node.children; ++child) {
    const auto byte = trie[child].byte;
    if (byte == '"' && before.part == 0) {
      if (text.empty())
        remove_below(child, from);
      continue;
    }
    if (text.empty())
      continue;
    const auto next = decode(before.part, byte, before.how);
    if (next.what == decoded_byte::kind::part)
      remove_text(text, {next.part, before.how}, child, from);
    else if (next.what == decoded_byte::kind::whole && next.character == c)
      remove_text(text.substr(behind), {0, before.how}, child, from);
  }
}

void mask_maker::remove_below(std::uint32_t place, token_set& from) {
  const auto& trie = tokens_.all();
  for (const auto id : trie.tokens_at(place))
    from.remove(id);
  const auto& node = trie[place];
  for (auto child = node.first_child; child < node.first_child + node.children; ++child)
    remove_below(child, from);
}

} // namespace troupe::kernels::grammar
