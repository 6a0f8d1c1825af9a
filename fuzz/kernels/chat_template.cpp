// Any bytes as a template: an error with a reason, or a program that ends within its limits.
#include "kernels/chat/chat_template.hpp"
#include "kernels/chat/json.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace troupe::kernels::chat;
  static const auto variables = read_json(
      R"({"messages":[{"role":"user","content":"Hello é"},{"role":"assistant","content":null,"tool_calls":[{"n":1.5}]}],)"
      R"("tools":null,"n":7,"s":"some text","d":{"b":1,"a":2},"l":[3,1,2],"add_generation_prompt":true})");
  render_limits limits; // smaller ones, so that the fuzzer reaches them
  limits.steps = 20'000;
  limits.working_bytes = 4 * 1024 * 1024;
  limits.output_bytes = 64 * 1024;
  const auto parsed = chat_template::parse({reinterpret_cast<const char*>(bytes), size});
  if (!parsed)
    return 0;
  const auto text = parsed->render(*variables, nullptr, limits);
  if (text ? text->size() > limits.output_bytes : text.error().message.empty())
    std::abort();
  return 0;
}
