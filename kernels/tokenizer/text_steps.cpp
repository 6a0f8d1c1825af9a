#include "kernels/tokenizer/byte_alphabet.hpp"
#include "kernels/tokenizer/steps.hpp"
#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

text_step normalize_step(unicode::form wanted) {
  return [wanted](std::string text) -> result<std::string> { return unicode::normalized(text, wanted); };
}

text_step lower_step() {
  return [](std::string text) -> result<std::string> {
    std::string lower;
    for (std::size_t at = 0; at < text.size();) {
      const auto c = unicode::next(text, at);
      if (c == 0x130) // the one character whose lower case is two, whatever surrounds it
        lower += "i\u0307";
      else
        unicode::append(lower, unicode::lowered(c));
    }
    return lower;
  };
}

text_step strip_step(bool left, bool right) {
  return [left, right](std::string text) -> result<std::string> {
    std::size_t begin = 0;
    std::size_t end = text.size();
    for (auto at = begin; left && begin < end; begin = at)
      if (!unicode::is_white_space(unicode::next(text, at)))
        break;
    for (auto at = end; right && end > begin; end = at)
      if (!unicode::is_white_space(unicode::previous(text, at)))
        break;
    return text.substr(begin, end - begin);
  };
}

text_step strip_accents_step() {
  return [](std::string text) -> result<std::string> {
    std::string plain;
    for (std::size_t at = 0; at < text.size();) {
      const auto c = unicode::next(text, at);
      if (!unicode::is_in(c, unicode::categories::mark))
        unicode::append(plain, c);
    }
    return plain;
  };
}

text_step prepend_step(std::string what) {
  return [what = std::move(what)](std::string text) -> result<std::string> {
    return text.empty() ? text : what + text;
  };
}

text_step replace_step(std::string what, std::string with) {
  return [what = std::move(what), with = std::move(with)](std::string text) -> result<std::string> {
    if (what.empty())
      return text;
    std::string changed;
    std::size_t from = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, from)) {
      changed.append(text, from, at - from).append(with);
      from = at + what.size();
    }
    return changed.append(text, from);
  };
}

text_step replace_step(pattern what, std::string with) {
  return [what = std::move(what), with = std::move(with)](std::string text) -> result<std::string> {
    const auto found = what.find_all(text);
    if (!found)
      return fail(found);
    std::string changed;
    std::size_t from = 0;
    for (const auto& [begin, end] : *found) {
      changed.append(text, from, begin - from).append(with);
      from = end;
    }
    return changed.append(text, from);
  };
}

text_step byte_level_step() {
  return [](std::string text) -> result<std::string> { return byte_level_spelled(text); };
}

} // namespace troupe::kernels
