#include "kernels/chat/failure.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/unicode/utf8.hpp"

#include <algorithm>

namespace troupe::kernels::chat {

bool is_true(const value& v) {
  if (v.is_undefined() || v.is_none())
    return false;
  if (const auto number = v.number())
    return *number != 0;
  if (v.is_text())
    return !v.text().empty();
  if (v.is_sequence())
    return !v.items().items.empty();
  return v.is_mapping() ? v.entries().size() > 0 : true;
}

namespace {

bool is_tuple(const sequence& all) {
  return all.kind == sequence_kind::tuple || all.kind == sequence_kind::group;
}

bool equal_mappings(const mapping& a, const mapping& b) {
  if (a.size() != b.size())
    return false;
  return std::ranges::all_of(a.entries(), [&b](const mapping::entry& one) {
    const auto* other = b.find_key(one.first);
    return other != nullptr && equal(one.second, *other);
  });
}

bool equal_sequences(const sequence& a, const sequence& b) {
  if (is_tuple(a) != is_tuple(b) || (!is_tuple(a) && a.kind != b.kind))
    return false;
  return std::ranges::equal(a.items, b.items, equal);
}

/// Exact, also where a double cannot hold the integer.
int compare_numbers(const value& a, const value& b) {
  const auto left = a.whole();
  const auto right = b.whole();
  if (left && right)
    return *left < *right ? -1 : *left > *right ? 1 : 0;
  const double x = *a.number();
  const double y = *b.number();
  return x < y ? -1 : x > y ? 1 : 0;
}

bool is_nan(const value& v) { return v.is_real() && v.real() != v.real(); }

} // namespace

bool equal(const value& a, const value& b) {
  if (a.number() && b.number())
    return !is_nan(a) && !is_nan(b) && compare_numbers(a, b) == 0;
  if (a.held().index() != b.held().index())
    return false;
  if (a.is_text())
    return a.text() == b.text();
  if (a.is_sequence())
    return equal_sequences(a.items(), b.items());
  if (a.is_mapping())
    return equal_mappings(a.entries(), b.entries());
  if (a.is_object())
    return a.the_object() == b.the_object();
  if (a.is_integer())
    return shown(a) == shown(b);
  return true; // both None, or both undefined
}

int compare(const value& a, const value& b, std::string_view sign) {
  require_defined(a);
  require_defined(b);
  if (a.number() && b.number())
    return compare_numbers(a, b);
  if (a.is_text() && b.is_text())
    return a.text().compare(b.text());
  const bool lists = a.is_sequence() && b.is_sequence();
  if (lists && is_tuple(a.items()) == is_tuple(b.items()) &&
      (is_tuple(a.items()) ||
       (a.items().kind == sequence_kind::list && b.items().kind == sequence_kind::list))) {
    const auto& x = a.items().items;
    const auto& y = b.items().items;
    for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
      if (!equal(x[i], y[i]))
        return compare(x[i], y[i], sign);
    return x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0;
  }
  give_up("'" + std::string(sign) + "' not supported between instances of '" + type_name(a) + "' and '" +
          type_name(b) + "'");
}

bool contains(machine& with, const value& all, const value& one) {
  if (all.is_text()) {
    if (!one.is_text())
      give_up("'in <string>' requires string as left operand, not " + type_name(one));
    with.spend(all.text().size() / 64);
    return all.text().find(one.text()) != std::string::npos;
  }
  if (all.is_mapping())
    return all.entries().find_key(one) != nullptr;
  auto each = iterate(all);
  while (auto item = each->next(with)) {
    with.spend();
    if (equal(*item, one))
      return true;
  }
  return false;
}

namespace {

class list_iteration : public iteration {
public:
  explicit list_iteration(std::shared_ptr<const sequence> all)
      : all_(std::move(all)) {}
  std::optional<value> next(machine&) override {
    return at_ < all_->items.size() ? std::optional(all_->items[at_++]) : std::nullopt;
  }

private:
  std::shared_ptr<const sequence> all_;
  std::size_t at_ = 0;
};

class key_iteration : public iteration {
public:
  explicit key_iteration(std::shared_ptr<const mapping> all)
      : all_(std::move(all)) {}
  std::optional<value> next(machine&) override {
    return at_ < all_->size() ? std::optional(all_->entries()[at_++].first) : std::nullopt;
  }

private:
  std::shared_ptr<const mapping> all_;
  std::size_t at_ = 0;
};

class character_iteration : public iteration {
public:
  explicit character_iteration(text_ptr text)
      : text_(std::move(text)) {}
  std::optional<value> next(machine& with) override {
    if (at_ >= text_->size())
      return std::nullopt;
    const auto begin = at_;
    unicode::next(*text_, at_);
    return with.text(text_->substr(begin, at_ - begin));
  }

private:
  text_ptr text_;
  std::size_t at_ = 0;
};

class empty_iteration : public iteration {
public:
  std::optional<value> next(machine&) override { return std::nullopt; }
};

} // namespace

std::unique_ptr<iteration> iterate(const value& v) {
  if (v.is_undefined())
    return std::make_unique<empty_iteration>();
  if (v.is_text())
    return std::make_unique<character_iteration>(std::get<text_ptr>(v.held()));
  if (v.is_sequence())
    return std::make_unique<list_iteration>(std::get<std::shared_ptr<const sequence>>(v.held()));
  if (v.is_mapping())
    return std::make_unique<key_iteration>(std::get<std::shared_ptr<const mapping>>(v.held()));
  if (v.is_object())
    if (auto each = v.the_object()->iterate())
      return each;
  give_up("'" + type_name(v) + "' object is not iterable");
}

value_list to_list(machine& with, const value& v) {
  value_list all;
  auto each = iterate(v);
  while (auto item = each->next(with)) {
    with.spend();
    all.push_back(std::move(*item));
  }
  with.hold(all.size() * sizeof(value));
  return all;
}

std::size_t length_of(const value& v) {
  if (v.is_undefined())
    return 0;
  if (v.is_text())
    return unicode::length(v.text());
  if (v.is_sequence())
    return v.items().items.size();
  if (v.is_mapping())
    return v.entries().size();
  give_up("object of type '" + type_name(v) + "' has no len()");
}

std::int64_t to_index(const value& v, std::string_view what) {
  require_defined(v);
  if (const auto index = v.whole())
    return *index;
  give_up(std::string(what) + " must be an integer, not " + type_name(v));
}

} // namespace troupe::kernels::chat
