#pragma once

#include "kernels/tokenizer/character_map.hpp"
#include "kernels/tokenizer/prefix_tree.hpp"
#include "kernels/tokenizer/vocabulary.hpp"

#include <memory>

namespace troupe::kernels {

/// How SentencePiece prepares text.
struct piece_spacing {
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool escape_whitespaces = true;
  bool whitespace_as_suffix = false;
};

/// A whole text as SentencePiece normalizes it. User-defined tokens are left as they are.
class piece_normalizer {
public:
  piece_normalizer(character_map map, piece_spacing spacing, const vocabulary& words);

  std::string operator()(std::string_view text) const;

private:
  struct piece {
    std::size_t size = 0; // of the text it stands for
    std::string with;
  };
  piece first_of(std::string_view text) const;
  void put(std::string_view piece, std::string& to) const;

  character_map map_;
  piece_spacing spacing_;
  prefix_tree whole_;
};

} // namespace troupe::kernels
