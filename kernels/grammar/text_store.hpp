#pragma once

#include "kernels/grammar/machines.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels::grammar {

/// An array or an object that is open, as one reading of the text understands it. Never changed: what goes on
/// from it is a new one beside it.
struct open_frame {
  enum class kind : std::uint8_t { text, array, object };
  kind what = kind::text; // the text itself, around everything
  std::uint32_t parent = 0;
  machine_id machine = 0;
  std::uint32_t count = 0;       // of items or members
  std::uint32_t outstanding = 0; // required members that are not there yet
  std::uint32_t wanted = 0;      // of an object: what no member has counted for yet
  std::uint32_t free_names = 0;  // where the bits begin that say which names may still come
  std::uint32_t last_text = 0;   // of the texts that may not come again; 0 is none
  std::array<std::uint16_t, wanted_max> counted{};
};

/// The open frames of a text and what they point at, on a stack that is cut back after looking ahead.
class text_store {
public:
  struct mark {
    std::size_t frames = 0;
    std::size_t bits = 0;
    std::size_t texts = 0;
    std::size_t characters = 0;
  };

  mark here() const noexcept { return {frames_.size(), bits_.size(), texts_.size(), characters_.size()}; }
  void cut(const mark& to);

  const open_frame& frame(std::uint32_t id) const { return frames_[id]; }
  std::uint32_t add(const open_frame& frame);
  /// The frame that it became a copy of, if there is one behind `from` that is no different.
  std::uint32_t same_as(std::uint32_t id, std::size_t from, const machines& with) const;

  /// All names of the machine may come.
  std::uint32_t add_names(const object_machine& machine);
  /// The same without one of them.
  std::uint32_t without_name(std::uint32_t bits, const object_machine& machine, std::uint32_t name);
  bool may_come(std::uint32_t bits, std::uint32_t name) const {
    return (bits_[bits + name / 64] >> (name % 64) & 1) != 0;
  }
  bool any_may_come(std::uint32_t bits, std::uint32_t first, std::uint32_t end) const;

  std::uint32_t add_text(std::uint32_t last, std::string_view text);
  std::uint32_t before(std::uint32_t text) const { return texts_[text].before; }
  std::string_view text(std::uint32_t id) const {
    return std::string_view(characters_).substr(texts_[id].begin, texts_[id].size);
  }

private:
  struct entry {
    std::uint32_t before = 0;
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };

  bool same(const open_frame& a, const open_frame& b, const machines& with) const;
  bool same_texts(std::uint32_t a, std::uint32_t b) const;

  std::vector<open_frame> frames_{{}};
  std::vector<std::uint64_t> bits_;
  std::vector<entry> texts_{{}};
  std::string characters_;
};

} // namespace troupe::kernels::grammar
