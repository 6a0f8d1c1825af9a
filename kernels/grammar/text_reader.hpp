#pragma once

#include "kernels/grammar/text_decoder.hpp"
#include "kernels/grammar/text_store.hpp"

namespace troupe::kernels::grammar {

/// One way to understand the text so far. Where a schema has alternatives there are several at a time.
struct reading {
  enum class phase : std::uint8_t {
    value,       // of `node`
    literal,     // true, false or null
    number,      // in `state`
    string,      // `state` is a term; also those below
    first_item,  // or the end of the array
    next_item,   //
    first_name,  // or the end of the object
    next_name,   //
    name,        // one that is listed: `state` is a place among them
    other_name,  // `which` of the others
    colon,       // then a value of `node`
    after_value, // within the frame
    plain_text,  // no JSON
    end
  };
  phase at = phase::value;
  std::uint32_t frame = 0;
  std::uint32_t state = 0;
  std::uint32_t which = 0;
  part_of_character part = 0;
  std::uint32_t begin = 0; // where the string or name begins in the text, behind its quote
  bool operator==(const reading&) const = default;
};
using readings = std::vector<reading>;

struct reader_limits {
  /// Bytes of white space in a row.
  std::size_t white_space = std::numeric_limits<std::size_t>::max();
  spelling strings = spelling::json;
};

/// Reads a text a byte at a time in all the ways that can still end well.
class text_reader {
public:
  using phase = reading::phase;
  /// A schema whose alternatives overlap on every level could have any number of them.
  static constexpr std::size_t readings_max = 1'000;

  struct mark {
    text_store::mark store;
    std::size_t text = 0;
  };

  text_reader(std::shared_ptr<machines> with, reader_limits limits)
      : with_(std::move(with))
      , limits_(limits) {}

  readings begin() const;
  /// How it goes on by `byte`; `to` is empty if it does not.
  void step(const readings& from, std::uint8_t byte, readings& to);
  bool complete(const readings& all) const;
  /// There were too many ways; answers mean nothing any more.
  bool overflowed() const noexcept { return overflowed_; }

  mark here() const noexcept { return {store_.here(), text_.size()}; }
  void cut(const mark& to);
  const std::string& text() const noexcept { return text_; }

  /// Of a reading within a string or a name whose closing quote is read next, at the end of `text()`.
  void close(const reading& from, readings& to);
  /// The same for whatever text it is that will have been read.
  void close_any(const reading& from, readings& to);
  /// The texts that the string or name may not be.
  std::vector<std::string_view> taken(const reading& one) const;
  /// What the string or name says so far.
  std::string said(const reading& one) const;
  bool may_be_taken_up(const reading& one) const;
  spelling spelled(const reading& one) const {
    return one.at == phase::plain_text ? spelling::plain : limits_.strings;
  }
  const object_machine& object(const reading& one) const {
    return with_->objects[store_.frame(one.frame).machine];
  }
  bool name_offered(const reading& one, std::uint32_t place) const;

private:
  void one_step(const reading& from, std::uint8_t byte, readings& to);
  void put(readings& to, reading made);
  bool may_space() const;

  // text_values.cpp
  void value(const reading& from, std::uint8_t byte, readings& to);
  void literal(const reading& from, std::uint8_t byte, readings& to);
  void number(const reading& from, std::uint8_t byte, readings& to);
  void string(const reading& from, std::uint8_t byte, readings& to);
  bool step_text(reading& one, std::uint8_t byte);
  void after_value(const reading& from, std::uint8_t byte, readings& to);
  void done_with(std::uint32_t frame, readings& to);

  // text_arrays.cpp
  void item(const reading& from, std::uint8_t byte, readings& to);
  void open_array(machine_id id, const reading& from, readings& to);
  bool array_may_end(const open_frame& frame) const;
  bool array_may_go_on(const open_frame& frame) const;
  bool counts_reachable(const open_frame& frame, const array_machine& array) const;

  // text_objects.cpp
  void open_object(machine_id id, const reading& from, readings& to);
  void begin_name(const reading& from, readings& to);
  void name(const reading& from, std::uint8_t byte, readings& to);
  bool step_name(reading& one, std::uint8_t byte) const;
  bool name_can_take(const reading& one, const possible_characters& wanted) const;
  void take_name(const reading& from, std::uint32_t name, readings& to);
  void take_other(const reading& from, readings& to, const std::optional<std::string>& text);
  bool object_may_end(const open_frame& frame) const;
  bool object_may_go_on(const open_frame& frame) const;
  bool room_for_others(const open_frame& frame, const member_names& others) const;
  bool room_for(const open_frame& frame, std::uint32_t name) const;
  std::uint32_t newly_implied(const open_frame& frame, std::uint32_t name) const;
  bool room_for_choice(open_frame frame, const value_choices& choices, std::uint32_t name) const;
  std::uint32_t least_to_come(const open_frame& frame, std::uint32_t without = no_limit) const;
  bool wanted_reachable(const open_frame& frame) const;
  bool is_implied(const open_frame& frame, std::uint32_t name) const;

  std::shared_ptr<machines> with_;
  reader_limits limits_;
  text_store store_;
  std::string text_;
  std::size_t step_frames_ = 0; // frames there were when the step began
  bool overflowed_ = false;
};

} // namespace troupe::kernels::grammar
