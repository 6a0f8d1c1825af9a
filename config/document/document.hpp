#pragma once

#include "config/diagnostic/diagnostic.hpp"
#include "config/document/scalar.hpp"
#include "config/limits.hpp"
#include "config/result.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {

enum class scalar_style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

struct tree;
struct slot;
struct entry;

/// A value in a document: a small view, copied freely, valid as long as its document (moving the document is
/// fine). Reading it as a kind it does not have breaks an invariant: ask for the kind first.
class node {
public:
  node_kind kind() const noexcept;
  bool is(node_kind wanted) const noexcept { return kind() == wanted; }

  bool boolean() const;
  std::int64_t integer() const;

  /// Integers too, as the nearest double.
  double real() const;

  /// Of any scalar: its text without quotes and escapes, as written ("0x1F", "1.20"); of null maybe empty.
  std::string_view text() const;

  /// How a scalar was written. Quoted and block scalars are always text (unless a tag says otherwise).
  scalar_style style() const noexcept;

  /// Items of a list or entries of a map; 0 for scalars.
  std::size_t size() const noexcept;

  node item(std::size_t index) const;
  std::vector<node> items() const;

  /// In the order written; what merge keys (`<<`) brought in comes last.
  entry entry_at(std::size_t index) const;
  std::vector<entry> entries() const;
  std::vector<std::string_view> keys() const;

  /// Logarithmic in the map's size.
  std::optional<node> find(std::string_view key) const;
  std::optional<entry> find_entry(std::string_view key) const;

  /// Where it is written: quotes and brackets included, anchors and tags not. Of an alias: the alias. A null
  /// that is not written is an empty range where it would be.
  range where() const;

  /// Of an alias: where the value stands that it repeats.
  std::optional<range> where_anchored() const;

  /// Where bytes [begin, end) of text() stand in the file: escapes, folding and indentation are undone, so
  /// that a finding inside an expression points into the expression.
  range where_text(std::size_t begin, std::size_t end) const;

  /// The file it is in, for findings.
  const source& in() const noexcept;

private:
  friend class document;
  node(const tree* in, std::uint32_t index) noexcept
      : tree_(in)
      , index_(index) {}

  const slot& own() const noexcept;    // the alias itself
  const slot& target() const noexcept; // what it stands for

  const tree* tree_;
  std::uint32_t index_;
};

struct entry {
  node key;
  node value;
};

/// What a document may be at most; the defaults are the house's (config/limits.hpp).
struct document_limits {
  std::size_t bytes = limits::document_bytes_max;
  std::size_t depth = limits::document_depth_max;
  std::size_t nodes = limits::document_nodes_max;
  std::size_t text_bytes = limits::document_text_bytes_max;
};

/// A parsed file: immutable, with the position of every value and key. Owns its source.
class document {
public:
  explicit document(std::unique_ptr<const tree> parsed) noexcept;
  document(document&&) noexcept;
  document& operator=(document&&) noexcept;
  ~document();

  /// Null for an empty file.
  node root() const noexcept;
  const source& in() const noexcept;

private:
  std::unique_ptr<const tree> tree_;
};

/// Reads YAML 1.2 (core schema) or JSON, which is a part of it. All findings go to `found`, as many as can be
/// told apart from each other's consequences; nothing is returned if any of them is an error.
[[nodiscard]] std::optional<document> parse_document(source in, diagnostics& found,
                                                     const document_limits& bounds = {});

/// The same tree as one line of JSON, aliases and merges expanded. Refused for infinities and NaN, which JSON
/// cannot say.
[[nodiscard]] result<std::string> to_json(const node& value);

} // namespace troupe::config
