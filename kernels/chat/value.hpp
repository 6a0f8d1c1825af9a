#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace troupe::kernels::chat {

class value;
class object;
struct sequence;
class mapping;

using text_ptr = std::shared_ptr<const std::string>;
using value_list = std::vector<value>;

/// Values hold values; so deep and no deeper, since printing and destroying them is recursion.
inline constexpr std::size_t value_depth_max = 128;

/// A value as templates see it: Python's, as far as templates can tell. Immutable but for objects, so copies
/// share.
class value {
public:
  struct nothing {}; // Python's None
  struct missing {   // Jinja's Undefined: why it is
    text_ptr why;
  };
  struct large { // an integer beyond 64 bits, which can only be shown
    text_ptr digits;
  };
  using storage =
      std::variant<missing, nothing, bool, std::int64_t, double, large, text_ptr,
                   std::shared_ptr<const sequence>, std::shared_ptr<const mapping>, std::shared_ptr<object>>;

  value()
      : held_(nothing{}) {}
  value(bool v)
      : held_(v) {}
  value(std::int64_t v)
      : held_(v) {}
  value(int v)
      : held_(std::int64_t{v}) {}
  value(std::size_t v)
      : held_(static_cast<std::int64_t>(v)) {}
  value(double v)
      : held_(v) {}
  value(std::string v)
      : held_(std::make_shared<const std::string>(std::move(v))) {}
  value(std::string_view v)
      : value(std::string(v)) {}
  value(const char* v)
      : value(std::string(v)) {}
  value(std::shared_ptr<const sequence> v)
      : held_(std::move(v)) {}
  value(std::shared_ptr<const mapping> v)
      : held_(std::move(v)) {}
  value(std::shared_ptr<object> v)
      : held_(std::move(v)) {}

  static value undefined(std::string why);
  static value large_integer(std::string digits);

  bool is_undefined() const noexcept { return holds<missing>(); }
  bool is_none() const noexcept { return holds<nothing>(); }
  bool is_boolean() const noexcept { return holds<bool>(); }
  bool is_integer() const noexcept { return holds<std::int64_t>() || holds<large>(); }
  bool is_real() const noexcept { return holds<double>(); }
  bool is_number() const noexcept { return is_boolean() || is_integer() || is_real(); }
  bool is_text() const noexcept { return holds<text_ptr>(); }
  bool is_sequence() const noexcept { return holds<std::shared_ptr<const sequence>>(); }
  bool is_mapping() const noexcept { return holds<std::shared_ptr<const mapping>>(); }
  bool is_object() const noexcept { return holds<std::shared_ptr<object>>(); }

  /// Each only for a value of its kind.
  const std::string& why_missing() const { return *std::get<missing>(held_).why; }
  bool boolean() const { return std::get<bool>(held_); }
  double real() const { return std::get<double>(held_); }
  const std::string& text() const { return *std::get<text_ptr>(held_); }
  const sequence& items() const { return *std::get<std::shared_ptr<const sequence>>(held_); }
  const mapping& entries() const { return *std::get<std::shared_ptr<const mapping>>(held_); }
  const std::shared_ptr<object>& the_object() const { return std::get<std::shared_ptr<object>>(held_); }

  /// Booleans count as 0 and 1.
  std::optional<std::int64_t> whole() const noexcept;
  std::optional<double> number() const noexcept;

  const storage& held() const noexcept { return held_; }
  std::size_t depth() const noexcept;

private:
  template<class Kind>
  bool holds() const noexcept {
    return std::holds_alternative<Kind>(held_);
  }

  storage held_;
};

enum class sequence_kind : unsigned char { list, tuple, group, keys, values, items, range };

/// Lists and what else has an order and a length.
struct sequence {
  sequence_kind kind = sequence_kind::list;
  value_list items;
  std::size_t depth = 1;
  std::int64_t first = 0, last = 0, step = 1; // of a range, as it was asked for
};

/// Throws template_failure when nested beyond the limit.
value make_list(value_list items);
value make_tuple(value_list items);
value make_sequence(sequence_kind kind, value_list items);

/// Keys and values in the order in which the keys came first.
class mapping {
public:
  using entry = std::pair<value, value>;

  const std::vector<entry>& entries() const noexcept { return entries_; }
  std::size_t size() const noexcept { return entries_.size(); }
  std::size_t depth() const noexcept { return depth_; }

  /// Throws template_failure for a key that Python could not hash.
  const value* find_key(const value& key) const;
  const value* find(std::string_view key) const;
  void set(value key, value what);

private:
  std::optional<std::size_t> place_of(const value& key) const;
  std::optional<std::size_t> place_of(std::string_view key) const;

  std::vector<entry> entries_;
  std::unordered_map<std::string, std::size_t> places_; // only once there are many
  std::size_t depth_ = 1;
};

value make_mapping(mapping entries);

/// The same text for keys that Python takes for one: 1, 1.0 and True.
std::string key_of(const value& key);

} // namespace troupe::kernels::chat
