// Any bytes as a line to learn from: an error with a reason, or a text whose scored part lies within it.
#include "kernels/tokenizer/byte_alphabet.hpp"
#include "kernels/tokenizer/read.hpp"
#include "kernels/train/dataset.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe::kernels;

/// Every byte is a token, and that is all.
tokenizer bytes_alone() {
  std::string vocabulary;
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const auto spelled = byte_level_spelled({&c, 1});
    const bool quoted = spelled == "\"" || spelled == "\\";
    vocabulary +=
        (byte == 0 ? "\"" : ",\"") + (quoted ? "\\" + spelled : spelled) + "\":" + std::to_string(byte);
  }
  const auto read = read_tokenizer_json(
      R"({"pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false,"use_regex":false},"decoder":{"type":"ByteLevel"},)"
      R"("model":{"type":"BPE","merges":[],"vocab":{)" +
      vocabulary + "}}}");
  if (!read)
    std::abort();
  return *read;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const tokenizer words = bytes_alone();
  static const chat::model_template spelled{"{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor "
                                            "%}{% if add_generation_prompt %}assistant: "
                                            "{% endif %}",
                                            "", ""};
  static const model_shape shape = [] {
    model_shape made;
    made.vocabulary = 256;
    made.context = 512;
    return made;
  }();
  const auto read =
      train::read_example({reinterpret_cast<const char*>(bytes), size}, {&words, &spelled, &shape});
  if (!read ? read.error().message.empty() : read->answer == 0 || read->answer >= read->tokens.size())
    std::abort();
  return 0;
}
